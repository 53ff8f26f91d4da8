import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { lineName, sourced } from '../chart/look.ts';
import { asText, positionText, rows } from '../chart/words.ts';
import { quantity } from '../format.ts';
import type { Chart, Mark } from '../host/index.ts';
import { PageElement } from './page-element.ts';
import './copy-button.ts';

/** The numbers behind a chart. */
@customElement('gs-chart-table')
export class ChartTable extends PageElement {
  @property({ attribute: false }) chart!: Chart;

  protected override render() {
    const { chart } = this;
    return html`<details class="numbers">
      <summary>The numbers</summary>
      <div class="table-box" tabindex="0" role="region" aria-label="The numbers: ${chart.title}">
        <table data-testid="chart-table">
          <caption class="unseen">${chart.title}: ${chart.y.label}</caption>
          <thead>
            <tr>
              <th scope="col">${chart.x.label}</th>
              ${chart.series.map(({ name, source }) => html`<th scope="col">${sourced(name, source)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows(chart).map(
              ({ x, marks }) =>
                html`<tr>
                  <th scope="row">${positionText(x, chart.x)}</th>
                  ${marks.map((mark) => html`<td>${mark ? this.#figure(mark) : html`<span class="note">–</span>`}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${chart.references.length > 0
        ? html`<ul class="note references">
            ${chart.references.map(
              ({ label, source, at, across }) =>
                html`<li>${lineName(label, source)}: ${quantity(at, (across === 'x' ? chart.x : chart.y).unit)}</li>`,
            )}
          </ul>`
        : nothing}
      <gs-copy-button what="The numbers are" .text=${() => asText(chart)} label="Copy, tab-separated"></gs-copy-button>
    </details>`;
  }

  #figure({ y, interval }: Mark) {
    const { unit } = this.chart.y;
    return html`<span class="figure">${quantity(y, unit)}</span>${interval
        ? html`<span class="note">${quantity(interval[0], unit)} to ${quantity(interval[1], unit)}</span>`
        : nothing}`;
  }
}
