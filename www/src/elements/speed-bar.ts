import { html, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { PageElement } from './page-element.ts';

/** A speed-up as a bar from 0, with `serial` (1×) and the ceiling marked on it. */
@customElement('gs-speed-bar')
export class SpeedBar extends PageElement {
  @property() model = 'serial';
  @property({ type: Number }) speedup?: number;
  @property({ attribute: false }) interval?: [number, number];
  @property({ type: Number }) ceiling?: number;
  /** The speed-up at the bar's right end, the same in all lanes. */
  @property({ type: Number }) most = 2;

  protected override render() {
    const x = (speedup: number) => `${Math.min(100, (speedup / this.most) * 100)}%`;
    return html`<svg class="bar ${this.model}" aria-hidden="true" focusable="false">
      <rect class="ground" width="100%" y="4" height="10" rx="2"></rect>
      ${this.speedup === undefined ? nothing : svg`<rect class="value" width=${x(this.speedup)} y="4" height="10" rx="2"></rect>`}
      ${this.interval ? [this.#whisker('halo', this.interval, x), this.#whisker('', this.interval, x)] : nothing}
      <line class="one" x1=${x(1)} x2=${x(1)} y1="1" y2="17"></line>
      ${this.ceiling === undefined
        ? nothing
        : svg`<line class="ceiling" x1=${x(this.ceiling)} x2=${x(this.ceiling)} y1="0" y2="18"></line>`}
    </svg>`;
  }

  /** The 95 % interval; drawn twice, because it must be seen both on the bar and beside it. */
  #whisker(kind: string, [low, high]: [number, number], x: (speedup: number) => string) {
    return svg`<g class="whisker ${kind}">
      <line x1=${x(low)} x2=${x(high)} y1="9" y2="9"></line>
      <line x1=${x(low)} x2=${x(low)} y1="6" y2="12"></line>
      <line x1=${x(high)} x2=${x(high)} y1="6" y2="12"></line>
    </g>`;
  }
}
