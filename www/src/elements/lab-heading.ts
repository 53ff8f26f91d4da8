import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { LabInfo } from '../host/index.ts';
import { PageElement } from './page-element.ts';

/** A lab's question, its claim, and what the article says. */
@customElement('gs-lab-heading')
export class LabHeading extends PageElement {
  @property({ attribute: false }) labs: LabInfo[] = [];
  @property() current = '';

  protected override render() {
    const lab = this.labs.find(({ id }) => id === this.current);
    // Until the core is there, the first lab's own words stand in the page already.
    if (!lab) return html`<h1 class="pending"></h1>`;
    const { question, claim, article } = lab;
    return html`
      <p class="eyebrow">Question ${this.labs.indexOf(lab) + 1} of ${this.labs.length}, answered by your own machine</p>
      <h1>${question}</h1>
      <p class="lead" data-testid="claim"><b>The claim:</b> ${claim}.</p>
      ${article ? html`<p class="article"><b>The article’s figure:</b> ${article}</p>` : nothing}
    `;
  }
}
