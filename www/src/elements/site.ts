import { html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { type PageName, pageOf } from '../pages.ts';
import { PageElement } from './page-element.ts';
import './lab-page.ts';

/** Pages that few readers open, loaded when they are asked for. */
const LATER: Partial<Record<PageName, () => Promise<unknown>>> = {
  decide: () => import('./decide-page.ts'),
  compare: () => import('./compare-page.ts'),
  glossary: () => import('./glossary-page.ts'),
  history: () => import('./history-page.ts'),
  recorded: () => import('./recorded-page.ts'),
};

/** The page that the link asks for: a lab, the decision, reports side by side, runs of before, one that was recorded, or the words. */
@customElement('gs-site')
export class Site extends PageElement {
  @state() private page: PageName = 'lab';

  /** What stands here for those without JavaScript goes. */
  protected override createRenderRoot(): HTMLElement {
    this.replaceChildren();
    return this;
  }

  constructor() {
    super();
    this.hear('hashchange', this.#follow);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#follow();
  }

  readonly #follow = () => {
    const page = pageOf(location.hash);
    // Where it cannot be loaded, the page stays as it is.
    LATER[page]?.().catch((error) => console.warn(error));
    if (page !== this.page) scrollTo(0, 0);
    this.page = page;
  };

  protected override render() {
    switch (this.page) {
      case 'decide':
        return html`<gs-decide-page></gs-decide-page>`;
      case 'compare':
        return html`<gs-compare-page></gs-compare-page>`;
      case 'glossary':
        return html`<gs-glossary-page></gs-glossary-page>`;
      case 'history':
        return html`<gs-history-page></gs-history-page>`;
      case 'recorded':
        return html`<gs-recorded-page></gs-recorded-page>`;
      case 'lab':
        return html`<gs-lab-page></gs-lab-page>`;
    }
  }
}
