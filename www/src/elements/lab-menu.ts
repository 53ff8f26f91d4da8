import { html } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { type LabInfo, ready } from '../host/index.ts';
import { pageOf } from '../pages.ts';
import { labOf } from '../settings.ts';
import { PageElement } from './page-element.ts';

/** The guided path: every lab as its question, in order, the decision at the end, and the reports of it all. */
@customElement('gs-lab-menu')
export class LabMenu extends PageElement {
  @state() private labs: LabInfo[] = [];
  @state() private hash = location.hash;
  @query('[popover]') private list!: HTMLElement;

  constructor() {
    super();
    this.hear('hashchange', this.#follow);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // A page that cannot start says so itself.
    ready().then(
      (core) => (this.labs = core.labs()),
      () => {},
    );
  }

  readonly #follow = () => {
    this.hash = location.hash;
  };

  protected override render() {
    const page = pageOf(this.hash);
    const current = page === 'lab' ? labOf(this.hash) : '';
    const link = (href: string, text: string, isCurrent: boolean) =>
      html`<a href=${href} aria-current=${isCurrent ? 'page' : 'false'} @click=${() => this.list.hidePopover()}>${text}</a>`;
    return html`<nav aria-label="All questions">
      <button type="button" class="quiet" popovertarget="all-questions" data-testid="lab-menu">
        All questions <span aria-hidden="true">▾</span>
      </button>
      <div popover id="all-questions" class="menu">
        <ol>
          ${this.labs.map(({ id, question }) => html`<li>${link(`#lab=${id}`, question, id === current)}</li>`)}
        </ol>
        <p>${link('#decide', 'Which should I use?', page === 'decide')}</p>
        <p>${link('#compare', 'Reports side by side', page === 'compare')}</p>
        <p>${link('#history', 'Your runs', page === 'history')}</p>
        <p>${link('#glossary', 'Words', page === 'glossary')}</p>
        <p>${link('./tutorial.html', 'The whole story, with labs in it', false)}</p>
      </div>
    </nav>`;
  }
}
