import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { explain } from '../measurement.ts';
import { PageElement } from './page-element.ts';

/** Puts a text on the clipboard, and says so. */
@customElement('gs-copy-button')
export class CopyButton extends PageElement {
  @property() label = 'Copy';
  @property() hook = 'copy';
  /** What is copied, to begin a sentence with: "The link is". */
  @property() what = 'It is';
  @property({ attribute: false }) text: () => string | Promise<string> = () => '';
  @state() private told = '';
  /** What could not be copied, for the reader to do so. */
  @state() private left = '';

  protected override render() {
    return html`<button type="button" data-testid=${this.hook} @click=${this.#copy}>${this.label}</button>
      <span class="note" role="status">${this.told}</span>
      ${this.left
        ? html`<input class="left" readonly aria-label="To copy" .value=${this.left} @focus=${(event: Event) => (event.target as HTMLInputElement).select()} />`
        : nothing}`;
  }

  async #copy(): Promise<void> {
    this.left = '';
    let text = '';
    try {
      text = await this.text();
      await navigator.clipboard.writeText(text);
      this.told = `${this.what} on your clipboard.`;
    } catch (error) {
      // Without a text it is the text that could not be made.
      this.told = text ? 'Your browser does not let the page copy. Copy it from here:' : explain(error);
      this.left = text;
    }
  }
}
