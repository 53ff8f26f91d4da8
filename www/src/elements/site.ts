import { html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { explain } from '../measurement.ts';
import { type PageName, pageOf } from '../pages.ts';
import { part } from '../parts.ts';
import { FIRST_LAB, labOf } from '../settings.ts';
import type { LabPage } from './lab-page.ts';
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
  /** Why the page that the link asks for cannot be shown, if so. */
  @state() private missing = '';
  /** What stands here from the beginning. */
  readonly #words = [...this.childNodes];

  constructor() {
    super();
    this.hear('hashchange', this.#follow);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#follow();
  }

  /** The first lab's words stay until it is there itself, so that nothing moves. */
  protected override firstUpdated(): void {
    const clear = () => this.#words.forEach((node) => node.remove());
    const lab = labOf(location.hash) === FIRST_LAB ? this.querySelector<LabPage>('gs-lab-page') : null;
    if (lab) void lab.loaded.then(clear);
    else clear();
  }

  readonly #follow = () => {
    const page = pageOf(location.hash);
    this.missing = '';
    const loading = LATER[page]?.();
    if (loading) part(loading).catch((error) => this.page === page && (this.missing = explain(error)));
    if (page !== this.page) scrollTo(0, 0);
    this.page = page;
  };

  protected override render() {
    if (this.missing) {
      return html`<p class="notice bad" role="alert" data-testid="error">This page cannot be shown: ${this.missing} and reload the page.</p>`;
    }
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
