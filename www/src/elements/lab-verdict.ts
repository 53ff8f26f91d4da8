import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Report } from '../host/index.ts';
import { hostTitle, type HostId } from '../words.ts';
import { live, PageElement } from './page-element.ts';

/** What became of the lab's claim on this machine, in words, with the figures of each part. */
@customElement('gs-lab-verdict')
export class LabVerdict extends PageElement {
  @live() reports!: ReadonlyMap<HostId, Report>;

  protected override render() {
    return [...this.reports].map(([host, { verdict }]) => {
      const outcome = verdict?.outcome;
      const where = this.reports.size > 1 ? html`<b>${hostTitle(host)}.</b> ` : nothing;
      return html`<div
        class="verdict ${outcome ?? ''}"
        data-testid="verdict"
        data-host=${host}
        data-outcome=${outcome ?? nothing}
      >
        <span class="sign" aria-hidden="true">${outcome === 'confirmed' ? '✓' : outcome === 'refuted' ? '✗' : '?'}</span>
        <div>
          ${where}${verdict?.text ?? 'No verdict: what was measured is not enough for one.'}
          ${verdict?.parts?.map(({ text }) => html`<p>${text}</p>`)}
        </div>
      </div>`;
    });
  }
}
