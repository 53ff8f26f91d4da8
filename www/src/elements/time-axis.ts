import { html, svg } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { tick } from '../format.ts';
import type { Scale } from '../timeline/scale.ts';
import { live, PageElement } from './page-element.ts';

/** Pixels from one tick to the next, at least. */
const APART = 90;

/** The time axis that all timelines share: of what is in view. */
@customElement('gs-time-axis')
export class TimeAxis extends PageElement {
  @live() scale!: Scale;
  @state() private width = 0;
  #unwatch?: () => void;
  readonly #sizes = new ResizeObserver(([size]) => (this.width = size!.contentRect.width));

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = this.scale.watch(() => this.requestUpdate());
    this.#sizes.observe(this);
  }

  override disconnectedCallback(): void {
    this.#unwatch?.();
    this.#sizes.disconnect();
    super.disconnectedCallback();
  }

  protected override render() {
    const { view, span_us } = this.scale;
    const { step, at } = this.scale.ticks(Math.min(5, Math.max(2, this.width / APART)));
    return html`<svg class="axis" aria-hidden="true" focusable="false" data-testid="time-axis">
      ${at.map((at) => {
        const share = (at * 1e6 - view.from_us) / span_us;
        const x = `${share * 100}%`;
        const anchor = share < 0.04 ? 'start' : share > 0.96 ? 'end' : 'middle';
        return svg`<line x1=${x} x2=${x} y1="14" y2="18"></line><text x=${x} y="10" text-anchor=${anchor}>${tick(at, step, view.to_us / 1e6)}</text>`;
      })}
    </svg>`;
  }
}
