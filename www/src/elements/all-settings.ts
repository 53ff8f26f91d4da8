import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { CHOICES, GROUPS } from '../choices.ts';
import { fieldName, FIELDS, sweeps } from '../fields.ts';
import type { Settings } from '../settings.ts';
import { live, PageElement } from './page-element.ts';
import './experiment-field.ts';

/** Every field that is not among the lab's own controls, in groups. */
@customElement('gs-all-settings')
export class AllSettings extends PageElement {
  @live() settings!: Settings;
  @property({ type: Boolean }) disabled = false;
  /** An error unfolds it, and it stays so until the reader folds it. */
  #open = false;
  /** Its fields are there from the first time on that it is unfolded. */
  @state() private unfolded = false;

  protected override render() {
    const { others, changed, error, experiment } = this.settings;
    this.#open ||= others.some((field) => field === error?.field);
    const swept = FIELDS.filter((field) => sweeps(experiment, field)).map(fieldName);
    return html`<details class="all-settings" data-testid="all-settings" ?open=${this.#open} @toggle=${() => (this.unfolded = true)}>
      <summary>All settings ${changed.length > 0 ? html`<span class="note">changed: ${changed.map((field) => CHOICES[field].label).join(', ')}</span>` : nothing}</summary>
      ${swept.length > 0 ? html`<p class="note">Set by the points: ${swept.join(', ')}.</p>` : nothing}
      ${(this.#open || this.unfolded ? GROUPS : []).map(({ title, fields }) => {
        const shown = fields.filter((field) => others.includes(field));
        if (shown.length === 0) return nothing;
        return html`<fieldset class="controls" ?disabled=${this.disabled}>
          <legend>${title}</legend>
          ${shown.map(
            (field) =>
              html`<gs-experiment-field class="field wide" roomy .settings=${this.settings} field=${field}></gs-experiment-field>`,
          )}
        </fieldset>`;
      })}
    </details>`;
  }
}
