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
  /** What of the link this version does not know. */
  @property({ attribute: false }) linkUnknown: readonly string[] = [];
  /** Why the last run is not in the history, if it is not. */
  @property() unkept = '';
  /** Whether the figures are those of other settings. */
  @property({ type: Boolean }) stale = false;

  protected override render() {
    const { error, warnings, reports } = this.measurement;
    // A report tells its warnings itself.
    const early = reports.size === 0 ? warnings : [];
    return html`
      ${this.#error(this.linkError)} ${this.#error(error)}
      ${this.linkUnknown.length > 0
        ? html`<p class="notice" role="status" data-testid="notice-unknown">
            This link also sets ${this.linkUnknown.map((name) => `“${name}”`).join(', ')}, which this version of gilscope does not
            know; a newer one may have made it. All the rest is used.
          </p>`
        : nothing}
      ${early.length === 0
        ? nothing
        : html`<ul class="notice">${early.map(({ text }) => html`<li>${text}</li>`)}</ul>`}
      ${this.unsharedReason
        ? html`<p class="notice" data-testid="notice-isolation">
            Memory cannot be shared here: ${this.unsharedReason}. Serial and processes run as ever. Threads take turns at
            a lock that runs over messages through this page, which costs them time. Free-threads need shared
            memory and do not run.
          </p>`
        : nothing}
      ${this.unkept
        ? html`<p class="notice" role="status" data-testid="notice-unkept">
            This run is not kept in the history of this browser: ${this.unkept}. Its report can be downloaded below.
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
