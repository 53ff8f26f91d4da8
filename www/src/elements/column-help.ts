import { html, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { PageElement } from './page-element.ts';

const MARGIN = 8;

/** A name that explains itself when pressed: a column's, or one that stands beside it as a label. */
@customElement('gs-column-help')
export class ColumnHelp extends PageElement {
  @property() hook = '';
  @property() name = '';
  @property() help = '';
  /** Whether the name stands beside it already. */
  @property({ type: Boolean }) beside = false;
  /** What the button is called, where the name alone does not say it. */
  @property() label = '';

  @query('button') private button!: HTMLElement;
  @query('[popover]') private note!: HTMLElement;

  /** Under its button, within the window. */
  #place(): void {
    const { left, bottom } = this.button.getBoundingClientRect();
    const most = document.documentElement.clientWidth - this.note.offsetWidth - MARGIN;
    this.note.style.setProperty('left', `${Math.max(MARGIN, Math.min(left, most))}px`);
    this.note.style.setProperty('top', `${Math.min(bottom + 4, innerHeight - this.note.offsetHeight - MARGIN)}px`);
  }

  protected override render() {
    const id = `help-${this.hook}`;
    return html`<button type="button" class="help" popovertarget=${id} aria-label=${this.label || `${this.name}: what this is`}>
        ${this.beside ? nothing : this.name}<span aria-hidden="true"> ?</span></button
      ><span popover id=${id} class="help-note" @toggle=${this.#place}>${this.help}</span>`;
  }
}
