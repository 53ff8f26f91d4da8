import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { LabInfo } from '../host/index.ts';
import { PageElement } from './page-element.ts';

/** Where the path leads from here: the next lab, and after the last one the decision. */
@customElement('gs-next-question')
export class NextQuestion extends PageElement {
  @property({ attribute: false }) labs: LabInfo[] = [];
  @property() current = '';

  protected override render() {
    const next = this.labs[this.labs.findIndex(({ id }) => id === this.current) + 1];
    return html`<nav class="next" aria-label="Next question">
      <a href=${next ? `#lab=${next.id}` : '#decide'} data-testid="next-question">
        <span class="note">Next:</span> ${next?.question ?? 'Which should I use?'} <span aria-hidden="true">→</span>
      </a>
    </nav>`;
  }
}
