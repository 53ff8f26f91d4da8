import { html, svg } from 'lit';
import { customElement } from 'lit/decorators.js';
import { tick } from '../format.ts';
import type { Scale } from '../scale.ts';
import { live, PageElement } from './page-element.ts';

/** The time axis that all timelines share. */
@customElement('gs-time-axis')
export class TimeAxis extends PageElement {
  @live() scale!: Scale;

  protected override render() {
    const length = this.scale.length_us / 1e6;
    return html`<svg class="axis" aria-hidden="true" focusable="false">
      ${this.scale.ticks().map((at) => {
        const x = `${(at / length) * 100}%`;
        const anchor = at === 0 ? 'start' : at > length * 0.96 ? 'end' : 'middle';
        return svg`<line x1=${x} x2=${x} y1="14" y2="18"></line><text x=${x} y="10" text-anchor=${anchor}>${tick(at, length)}</text>`;
      })}
    </svg>`;
  }
}
