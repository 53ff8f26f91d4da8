import { html, nothing, svg } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { type Look, looks } from '../chart/look.ts';
import { inWords } from '../chart/words.ts';
import type { Chart } from '../host/index.ts';
import { explain } from '../measurement.ts';
import { part } from '../parts.ts';
import { pause } from '../pause.ts';
import { PageElement } from './page-element.ts';
import './chart-table.ts';
import '../styles/charts.css';

/** Within 12 by 12 pixels. */
const SHAPES: Record<Look['symbol'], string> = {
  circle: 'M2 6a4 4 0 1 0 8 0a4 4 0 1 0-8 0',
  square: 'M2.5 2.5h7v7h-7z',
  triangle: 'M6 1.5l4.6 8.2h-9.2z',
  diamond: 'M6 .5l3.4 5.5-3.4 5.5-3.4-5.5z',
  star: 'M6 .8l1.5 3.4 3.7.3-2.8 2.4.9 3.7-3.3-2-3.3 2 .9-3.7-2.8-2.4 3.7-.3z',
  wye: 'M4.5 11v-4.3l-3.4-2 1.5-2.6 3.4 2 3.4-2 1.5 2.6-3.4 2v4.3z',
};

/** How a series looks. */
function swatch({ colour, dash, symbol }: Look, form: Chart['form']) {
  const line = svg`<line x1="0" x2="24" y1="6" y2="6" stroke=${colour} stroke-width="2" stroke-dasharray=${dash ?? 'none'}></line>`;
  const block = svg`<rect y="1" x="6" width="12" height="10" rx="2" fill=${colour} fill-opacity=${dash ? 0.45 : 1}></rect>`;
  const shape = svg`<path transform="translate(6)" d=${SHAPES[symbol]} fill=${colour}></path>`;
  return html`<svg width="24" height="12" aria-hidden="true" focusable="false">
    ${form === 'lines' ? [line, dash ? nothing : shape] : block}
  </svg>`;
}

/** A chart of a report, with its legend, the numbers behind it, and files to take away. */
@customElement('gs-lab-chart')
export class LabChart extends PageElement {
  @property({ attribute: false }) chart!: Chart;
  /** Of its files, without their endings. */
  @property() name = 'chart';
  /** Where it was measured, if there are several hosts. */
  @property() host = '';

  @query('.drawing') private box!: HTMLElement;
  @state() private failed = '';
  @state() private unsaved = '';
  #sizes = new ResizeObserver(() => void this.#draw());
  #drawn: { chart: Chart; width: number } | undefined;

  override disconnectedCallback(): void {
    this.#sizes.disconnect();
    super.disconnectedCallback();
  }

  protected override firstUpdated(): void {
    this.#sizes.observe(this.box);
  }

  /** The first time its size asks for it. */
  protected override updated(): void {
    if (this.#drawn) void this.#draw();
  }

  async #draw(): Promise<void> {
    const { chart } = this;
    const width = Math.floor(this.box.clientWidth);
    if (width === 0 || (this.#drawn?.chart === chart && this.#drawn.width === width)) return;
    this.#drawn = { chart, width };
    try {
      const { draw } = await part(import('../chart/draw.ts'));
      await pause();
      // Another chart or width may have come meanwhile.
      if (this.#drawn.chart !== chart || this.#drawn.width !== width) return;
      const drawing = draw(chart, width);
      drawing.setAttribute('aria-hidden', 'true');
      this.box.replaceChildren(drawing);
    } catch (error) {
      this.failed = explain(error);
    }
  }

  protected override render() {
    const { chart, host } = this;
    const legend = looks(chart);
    const title = host ? `${chart.title} (${host.toLowerCase()})` : chart.title;
    return html`<figure class="chart" data-testid="chart">
      <figcaption>${title}</figcaption>
      ${legend.length > 1 || chart.form === 'lines'
        ? html`<ul class="chart-legend">
            ${legend.map((look) => html`<li>${swatch(look, chart.form)}${look.name}</li>`)}
          </ul>`
        : nothing}
      <div class="drawing" role="img" aria-label=${inWords(chart)}></div>
      ${this.failed ? html`<p class="error" role="alert">This chart cannot be drawn: ${this.failed}. Its numbers are below.</p>` : nothing}
      <div class="chart-tools">
        <gs-chart-table .chart=${chart}></gs-chart-table>
        <button type="button" class="quiet" data-testid="save-svg" @click=${() => this.#save('svg')}>Save SVG</button>
        <button type="button" class="quiet" data-testid="save-png" @click=${() => this.#save('png')}>Save PNG</button>
      </div>
      ${this.unsaved ? html`<p class="error" role="alert">This chart cannot be saved: ${this.unsaved}.</p>` : nothing}
    </figure>`;
  }

  async #save(kind: 'svg' | 'png'): Promise<void> {
    const drawing = this.box.querySelector('svg');
    if (!drawing) return;
    try {
      const { saveDrawing } = await part(import('../chart/file.ts'));
      await saveDrawing(kind, this.name, this.chart, drawing);
      this.unsaved = '';
    } catch (error) {
      this.unsaved = explain(error);
    }
  }
}
