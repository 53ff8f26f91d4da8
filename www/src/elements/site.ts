import { html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { PageElement } from './page-element.ts';
import './lab-page.ts';

/** The page that the link asks for: a lab, or the decision. */
@customElement('gs-site')
export class Site extends PageElement {
  @state() private decides = false;

  /** What stands here for those without JavaScript goes. */
  protected override createRenderRoot(): HTMLElement {
    this.replaceChildren();
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.#follow);
    this.#follow();
  }

  override disconnectedCallback(): void {
    removeEventListener('hashchange', this.#follow);
    super.disconnectedCallback();
  }

  readonly #follow = () => {
    const decides = location.hash === '#decide';
    // Where it cannot be loaded, the page stays as it is.
    if (decides) import('./decide-page.ts').catch((error) => console.warn(error));
    if (decides !== this.decides) scrollTo(0, 0);
    this.decides = decides;
  };

  protected override render() {
    return this.decides ? html`<gs-decide-page></gs-decide-page>` : html`<gs-lab-page></gs-lab-page>`;
  }
}
