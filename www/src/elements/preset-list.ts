import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PresetInfo } from '../host/index.ts';
import { PageElement } from './page-element.ts';

/** Experiments to begin with. Each is a link, so following one fills the fields. */
@customElement('gs-preset-list')
export class PresetList extends PageElement {
  @property({ attribute: false }) presets: PresetInfo[] = [];

  protected override render() {
    return html`<details class="presets" data-testid="presets">
      <summary>Begin with …</summary>
      <ul>
        ${this.presets.map(
          ({ name, about, fields }) =>
            html`<li><a href="#${new URLSearchParams(fields)}" data-testid="preset">${name}</a><p class="note">${about}</p></li>`,
        )}
      </ul>
    </details>`;
  }
}
