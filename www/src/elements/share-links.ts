import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Report } from '../host/index.ts';
import { withResult } from '../share.ts';
import type { HostId } from '../words.ts';
import { live, PageElement } from './page-element.ts';
import './copy-button.ts';

/** Links to what was run: the experiment alone, and with what came of it. */
@customElement('gs-share-links')
export class ShareLinks extends PageElement {
  @live() reports!: ReadonlyMap<HostId, Report>;
  /** The link that brings the experiment back. */
  @property() link = '';

  protected override render() {
    return html`<gs-copy-button hook="copy-link" label="Copy link" what="The link is" .text=${() => this.link}></gs-copy-button>
      ${[...this.reports].map(([host, report]) => this.#withResult(host, report))}`;
  }

  #withResult(host: HostId, report: Report) {
    const several = this.reports.size > 1;
    const link = () => withResult(this.link, report);
    return html`<gs-copy-button
        hook="copy-result${several && host !== 'browser' ? `-${host}` : ''}"
        label="Copy link with result${several ? ` (${host})` : ''}"
        what="The link, with the result in it, is"
        .text=${link}
      ></gs-copy-button>
      ${'share' in navigator && !several
        ? html`<button type="button" data-testid="share" @click=${() => this.#share(link())}>Share …</button>`
        : nothing}`;
  }

  /** Hand the link to what the system offers. A reader who thinks better of it has cancelled nothing else. */
  async #share(link: Promise<string>): Promise<void> {
    await navigator.share({ title: document.title, url: await link }).catch(() => undefined);
  }
}
