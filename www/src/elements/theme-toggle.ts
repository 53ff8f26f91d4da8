import { html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { keep, kept } from '../storage.ts';
import { PageElement } from './page-element.ts';

const KEY = 'gilscope.theme';
const DARK = matchMedia('(prefers-color-scheme: dark)');

/** Switches between light and dark; until it is used, the page follows the system. */
@customElement('gs-theme-toggle')
export class ThemeToggle extends PageElement {
  @state() private chosen = kept('localStorage', KEY);

  override connectedCallback(): void {
    super.connectedCallback();
    DARK.addEventListener('change', this.#system);
  }

  override disconnectedCallback(): void {
    DARK.removeEventListener('change', this.#system);
    super.disconnectedCallback();
  }

  #system = () => this.requestUpdate();

  get #dark(): boolean {
    return this.chosen ? this.chosen === 'dark' : DARK.matches;
  }

  #toggle(): void {
    this.chosen = this.#dark ? 'light' : 'dark';
    keep('localStorage', KEY, this.chosen);
  }

  protected override updated(): void {
    if (this.chosen) document.documentElement.dataset.theme = this.chosen;
    // Canvases paint with resolved colours, so they must hear of a change, the system's included.
    dispatchEvent(new Event('gs-theme'));
  }

  protected override render() {
    const next = this.#dark ? 'light' : 'dark';
    return html`<button class="quiet" type="button" data-testid="theme-toggle" @click=${this.#toggle}>
      <span aria-hidden="true">${this.#dark ? '☀' : '☾'}</span> ${next}<span class="unseen"> theme</span>
    </button>`;
  }
}
