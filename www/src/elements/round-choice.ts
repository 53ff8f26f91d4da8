import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Measurement } from '../measurement.ts';
import { live, PageElement } from './page-element.ts';

/** Which of the measured rounds all timelines show. */
@customElement('gs-round-choice')
export class RoundChoice extends PageElement {
  @live() measurement!: Measurement;

  protected override render() {
    const { rounds, round } = this.measurement;
    if (rounds === 0) return nothing;
    return html`<label class="round"
      >round
      <select data-testid="round-choice" @change=${({ target }: Event) => this.measurement.showRound(Number((target as HTMLSelectElement).value))}>
        ${Array.from({ length: rounds }, (_, i) => html`<option value=${i} ?selected=${i === round}>${i + 1} of ${rounds}</option>`)}
      </select></label
    >`;
  }
}
