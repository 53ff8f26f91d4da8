import { html, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { workerColour } from '../palette.ts';
import { heightOf, type LaneBox, laneBoxes } from '../timeline/geometry.ts';
import { PageElement } from './page-element.ts';

/** A lane that is lower has no room for its name. */
const NAMED = 8;

/** What each lane of a timeline is: the lock, or a worker by its number. */
@customElement('gs-lane-names')
export class LaneNames extends PageElement {
  /** Lanes of workers. */
  @property({ type: Number }) rows = 0;
  /** Whether the first lane is the lock's; the workers then have the colours that it has for them. */
  @property({ type: Boolean }) locked = false;

  protected override render() {
    const boxes = laneBoxes(this.rows, this.locked);
    return html`<svg class="names" height=${heightOf(boxes)} aria-hidden="true" focusable="false">
      ${boxes.map((box, lane) => this.#lane(box, lane - (this.locked ? 1 : 0)))}
    </svg>`;
  }

  #lane({ top, height }: LaneBox, worker: number) {
    const middle = top + height / 2;
    const name = worker < 0 ? 'lock' : String(worker);
    return svg`${height < NAMED ? nothing : svg`<text x="29" y=${middle} font-size=${Math.min(12, height + 2)}>${name}</text>`}
      ${this.locked && worker >= 0 ? svg`<rect x="33" y=${top} width="4" height=${height} fill=${workerColour(worker)}></rect>` : nothing}`;
  }
}
