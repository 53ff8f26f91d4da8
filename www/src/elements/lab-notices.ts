import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Measurement } from '../measurement.ts';
import { live, PageElement } from './page-element.ts';

/** What a reader must know before the lanes make sense. */
@customElement('gs-lab-notices')
export class LabNotices extends PageElement {
  @live() measurement!: Measurement;
  /** Why memory cannot be shared here, if it cannot. */
  @property() unsharedReason = '';
  /** Why the link could not be followed. */
  @property() linkError = '';
  /** Whether the figures are those of other settings. */
  @property({ type: Boolean }) stale = false;

  protected override render() {
    const { error, warnings, reports } = this.measurement;
    // A report tells its warnings itself.
    const early = reports.size === 0 ? warnings : [];
    return html`
      ${this.#error(this.linkError)} ${this.#error(error)}
      ${early.length === 0
        ? nothing
        : html`<ul class="notice">${early.map(({ text }) => html`<li>${text}</li>`)}</ul>`}
      ${this.unsharedReason
        ? html`<p class="notice" data-testid="notice-isolation">
            Memory cannot be shared here: ${this.unsharedReason}. Serial and processes run as ever; threads and
            free-threads need shared memory and do not.
          </p>`
        : nothing}
      ${this.stale
        ? html`<p class="notice" data-testid="notice-stale">The figures below are of the settings before. Run again for new ones.</p>`
        : nothing}
    `;
  }

  #error(text: string) {
    return text ? html`<p class="notice bad" role="alert" data-testid="error">${text}</p>` : nothing;
  }
}
