import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { live as same } from 'lit/directives/live.js';
import type { Model } from '../host/index.ts';
import type { Settings } from '../settings.ts';
import { MODELS } from '../words.ts';
import { live, PageElement } from './page-element.ts';

/** Which models run, in their fixed order. Fires `models`. */
@customElement('gs-model-choice')
export class ModelChoice extends PageElement {
  @live() settings!: Settings;

  #toggle(model: Model, on: boolean, chosen: string[]): void {
    const models = MODELS.filter((other) => (other === model ? on : chosen.includes(other)));
    this.dispatchEvent(new CustomEvent('models', { detail: models.join(',') }));
  }

  protected override render() {
    const chosen = this.settings.texts.model.split(',');
    const own = this.settings.own().models;
    // An event loop is for waiting: where a lab only computes, it is not offered.
    const offered = MODELS.filter((model) => model !== 'event-loop' || own.includes(model) || chosen.includes(model));
    return html`<fieldset class="models" data-testid="field-model">
      <legend>models</legend>
      ${offered.map(
        (model) =>
          html`<label>
            <input
              type="checkbox"
              data-testid="field-model-${model}"
              .checked=${same(chosen.includes(model))}
              @change=${(event: Event) => this.#toggle(model, (event.target as HTMLInputElement).checked, chosen)}
            /><span class="mark ${model}" aria-hidden="true"></span>${model}
          </label>`,
      )}
    </fieldset>`;
  }
}
