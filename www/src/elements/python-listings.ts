import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Listing } from '../lab-texts.ts';
import { PageElement } from './page-element.ts';
import './copy-button.ts';

/** Complete Python programs, one open at a time. */
@customElement('gs-python-listings')
export class PythonListings extends PageElement {
  @property({ attribute: false }) listings: Listing[] = [];

  protected override render() {
    return repeat(
      this.listings,
      ({ code }) => code,
      ({ name, code }, i) =>
        html`<details class="listing" name="listing" ?open=${i === 0}>
          <summary>${name}.py</summary>
          <pre tabindex="0"><code>${code.trimEnd()}</code></pre>
          <gs-copy-button hook="copy-listing" what="The program is" .text=${() => code}></gs-copy-button>
        </details>`,
    );
  }
}
