import { html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Listing } from '../lab-texts.ts';
import { markdown } from '../markdown.ts';
import { explain } from '../measurement.ts';
import { part } from '../parts.ts';
import { PageElement } from './page-element.ts';
import './python-listings.ts';

/** Why it is so, and the same in Python. Fetched when a reader comes near. */
@customElement('gs-lab-text')
export class LabText extends PageElement {
  @property() lab = '';
  @state() private text = '';
  @state() private listings: Listing[] = [];
  @state() private failed = '';
  #near = false;
  #watch = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      this.#watch.disconnect();
      this.#near = true;
      void this.#load();
    },
    { rootMargin: '600px' },
  );

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watch.observe(this);
  }

  override disconnectedCallback(): void {
    this.#watch.disconnect();
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('lab') && this.#near) void this.#load();
  }

  async #load(): Promise<void> {
    const { lab } = this;
    try {
      const { listingsOf, textOf } = await part(import('../lab-texts.ts'));
      const [text, listings] = await part(Promise.all([textOf(lab), listingsOf(lab)]));
      // Another lab may have come meanwhile.
      if (lab === this.lab) Object.assign(this, { text, listings, failed: '' });
    } catch (error) {
      if (lab === this.lab) this.failed = explain(error);
    }
  }

  protected override render() {
    return html`
      ${this.failed ? html`<p class="notice bad">The explanation is missing: ${this.failed}.</p>` : nothing}
      ${this.text
        ? html`<section class="prose" aria-labelledby="why-title" data-testid="explanation">
            <h2 id="why-title">Why it is so</h2>
            ${markdown(this.text)}
          </section>`
        : nothing}
      ${this.listings.length > 0
        ? html`<section class="python" aria-labelledby="python-title">
            <h2 id="python-title">The same in Python</h2>
            <gs-python-listings .listings=${this.listings}></gs-python-listings>
          </section>`
        : nothing}
    `;
  }
}
