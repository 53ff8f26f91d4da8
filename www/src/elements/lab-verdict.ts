import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Report } from '../host/index.ts';
import { hostTitle, type HostId } from '../words.ts';
import { live, PageElement } from './page-element.ts';

/** Whether the lab's claim holds on this machine, in words. */
@customElement('gs-lab-verdict')
export class LabVerdict extends PageElement {
  @live() reports!: ReadonlyMap<HostId, Report>;

  protected override render() {
    return [...this.reports].map(([host, { verdict }]) => {
      const holds = verdict?.holds;
      const where = this.reports.size > 1 ? html`<b>${hostTitle(host)}.</b> ` : nothing;
      return html`<p
        class="verdict ${holds === undefined ? 'open' : holds ? 'holds' : 'fails'}"
        data-testid="verdict"
        data-host=${host}
        data-holds=${holds ?? nothing}
      >
        <span class="sign" aria-hidden="true">${holds === undefined ? '–' : holds ? '✓' : '✗'}</span>
        <span>${where}${verdict?.text ?? 'No verdict: what was measured is not enough for one.'}</span>
      </p>`;
    });
  }
}
