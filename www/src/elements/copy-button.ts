import { html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { PageElement } from './page-element.ts';

/** Puts a text on the clipboard, and says so. */
@customElement('gs-copy-button')
export class CopyButton extends PageElement {
  @property() label = 'Copy';
  @property() hook = 'copy';
  /** What is copied, to begin a sentence with: "The link is". */
  @property() what = 'It is';
  @property({ attribute: false }) text: () => string = () => '';
  @state() private told = '';

  protected override render() {
    return html`<button type="button" data-testid=${this.hook} @click=${this.#copy}>${this.label}</button>
      <span class="note" role="status">${this.told}</span>`;
  }

  async #copy(): Promise<void> {
    const text = this.text();
    try {
      await navigator.clipboard.writeText(text);
      this.told = `${this.what} on your clipboard.`;
    } catch {
      const short = text.length < 200 ? `: ${text}` : '';
      this.told = `Your browser does not let the page copy${short}`;
    }
  }
}
