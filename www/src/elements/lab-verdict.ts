import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { outcomeOf } from '../headline.ts';
import type { Report } from '../host/index.ts';
import { hostTitle, type HostId } from '../words.ts';
import { live, PageElement } from './page-element.ts';

const SIGNS = { confirmed: '✓', refuted: '✗', 'could-not-tell': '?' };

/** What became of the lab's claim on this machine, in words, with the figures of each part. */
@customElement('gs-lab-verdict')
export class LabVerdict extends PageElement {
  @live() reports!: ReadonlyMap<HostId, Report>;

  protected override render() {
    return [...this.reports].map(([host, { verdict }]) => {
      const outcome = verdict && outcomeOf(verdict);
      const where = this.reports.size > 1 ? html`<b>${hostTitle(host)}.</b> ` : nothing;
      return html`<div
        class="verdict ${outcome ?? ''}"
        data-testid="verdict"
        data-host=${host}
        data-outcome=${outcome ?? nothing}
      >
        <span class="sign" aria-hidden="true">${outcome ? SIGNS[outcome] : '–'}</span>
        <div>
          <p>${where}${verdict?.text ?? 'No verdict: what was measured is not enough for one.'}</p>
          ${verdict?.parts?.map(({ text }) => html`<p class="soft">${text}</p>`)}
        </div>
      </div>`;
    });
  }
}
