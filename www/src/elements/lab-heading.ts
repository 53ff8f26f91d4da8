import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { LabInfo } from '../host/index.ts';
import { PageElement } from './page-element.ts';

/** A lab's question, what to look at, its claim, and what the article says. */
@customElement('gs-lab-heading')
export class LabHeading extends PageElement {
  @property({ attribute: false }) labs: LabInfo[] = [];
  @property() current = '';

  protected override render() {
    const lab = this.labs.find(({ id }) => id === this.current);
    if (!lab) return nothing;
    const { question, watch, claim, article } = lab;
    return html`
      <p class="eyebrow">Python’s lock, measured on your own machine: question ${this.labs.indexOf(lab) + 1} of ${this.labs.length}</p>
      <h1>${question}</h1>
      <p class="lead">${watch}</p>
      <p class="article">
        <b>The claim:</b> <span data-testid="claim">${claim}.</span>
        ${article ? html`<b>The article’s figure:</b> ${article}.` : nothing}
      </p>
    `;
  }
}
