import { html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { axisTick } from '../format.ts';
import type { Case, MapCell } from '../host/index.ts';
import { explain } from '../measurement.ts';
import { part } from '../parts.ts';
import { PageElement } from './page-element.ts';
import '../styles/charts.css';

/** Where which model is the cheapest, by length and number of tasks. */
@customElement('gs-cost-map')
export class CostMap extends PageElement {
  @property({ attribute: false }) map: MapCell[] = [];
  @property({ attribute: false }) case!: Case;

  @query('.drawing') private box!: HTMLElement;
  #sizes = new ResizeObserver(() => void this.#draw());
  #drawn: { map?: MapCell[]; width: number } = { width: 0 };

  override disconnectedCallback(): void {
    this.#sizes.disconnect();
    super.disconnectedCallback();
  }

  protected override firstUpdated(): void {
    this.#sizes.observe(this.box);
  }

  protected override updated(): void {
    void this.#draw();
  }

  async #draw(): Promise<void> {
    const width = Math.floor(this.box.clientWidth);
    if (width === 0 || (this.#drawn.map === this.map && this.#drawn.width === width)) return;
    this.#drawn = { map: this.map, width };
    try {
      const { drawMap } = await part(import('../chart/draw-map.ts'));
      const drawing = drawMap(this.map, this.case, width);
      drawing.setAttribute('aria-hidden', 'true');
      this.box.replaceChildren(drawing);
    } catch (error) {
      this.box.textContent = `The map cannot be drawn: ${explain(error)}. The table has the same.`;
    }
  }

  protected override render() {
    const models = [...new Set(this.map.map(({ model }) => model))];
    return html`<figure class="chart" data-testid="cost-map">
      <figcaption>Which is the simplest of the quickest, computed from the costs measured here</figcaption>
      <ul class="chart-legend">
        ${models.map((model) => html`<li><span class="mark ${model}"></span>${model}</li>`)}
      </ul>
      <div class="drawing" role="img" aria-label="Map by length of a task and number of tasks; the table below has the same"></div>
      ${this.#table()}
    </figure>`;
  }

  #table() {
    const lengths = [...new Set(this.map.map(({ task_s }) => task_s[0]))];
    const counts = [...new Set(this.map.map(({ tasks }) => tasks[0]))];
    // A row of so many columns is read more easily as where it changes.
    const changes = (count: number) => {
      const row = this.map.filter(({ tasks }) => tasks[0] === count);
      return row
        .filter(({ model }, i) => i === 0 || row[i - 1]!.model !== model)
        .map(({ task_s, model }) => (task_s[0] === lengths[0] ? model : `from ${axisTick(task_s[0], 'seconds')} ${model}`))
        .join(', ');
    };
    return html`<details class="numbers">
      <summary>The map as a table</summary>
      <table>
        <thead><tr><th scope="col">tasks</th><th scope="col">by length of a task</th></tr></thead>
        <tbody>
          ${counts.map((count) => html`<tr><th scope="row">${axisTick(count, 'count')}</th><td>${changes(count)}</td></tr>`)}
        </tbody>
      </table>
    </details>`;
  }
}
