import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { distance, quantity } from '../format.ts';
import type { Cell, Compared, Estimate, Table } from '../host/index.ts';
import { PageElement } from './page-element.ts';

/** One quantity of several reports: a row a run, and how far each is from the first report. */
@customElement('gs-compare-table')
export class CompareTable extends PageElement {
  @property({ attribute: false }) table!: Table;
  @property({ attribute: false }) reports!: Compared[];

  protected override render() {
    const { table, reports } = this;
    const swept = table.rows.some(({ setting }) => setting !== '');
    return html`<div class="table-box" tabindex="0" role="region" aria-label=${table.title}>
      <table data-testid="compare-table" data-quantity=${table.quantity}>
        <caption>${table.title}</caption>
        <thead>
          <tr>
            <th scope="col">model</th>
            ${swept ? html`<th scope="col">at</th>` : nothing}
            <th scope="col">workers</th>
            ${reports.map(
              ({ name }, i) => html`<th scope="col">${name}</th>
                ${i > 0 ? html`<th scope="col">against the first</th>` : nothing}`,
            )}
          </tr>
        </thead>
        <tbody>
          ${table.rows.map(
            ({ model, setting, workers, cells }) => html`<tr>
              <th scope="row"><span class="mark ${model}" aria-hidden="true"></span>${model}</th>
              ${swept ? html`<td>${setting}</td>` : nothing}
              <td>${workers}</td>
              ${cells.map((cell, i) => this.#cells(cell, i))}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #cells({ figure, against }: Cell, i: number) {
    const { unit, distance: kind } = this.table;
    return html`<td>${this.#estimate(figure, (value) => quantity(value, unit))}</td>
      ${i > 0 ? html`<td>${this.#estimate(against, (value) => distance(value, kind, unit))}</td>` : nothing}`;
  }

  #estimate(estimate: Estimate | undefined, text: (value: number) => string) {
    if (!estimate) return html`<span class="note">–</span>`;
    const { value, ci95 } = estimate;
    return html`<span class="figure">${text(value)}</span>${ci95
        ? html`<span class="note">${text(ci95[0])} to ${text(ci95[1])}</span>`
        : nothing}`;
  }
}
