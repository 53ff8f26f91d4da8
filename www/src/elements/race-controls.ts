import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live as same } from 'lit/directives/live.js';
import type { Model } from '../host/index.ts';
import { count } from '../format.ts';
import type { Settings, Shown } from '../settings.ts';
import { MODELS } from '../words.ts';
import { live, PageElement } from './page-element.ts';

/** The slider's range of the switch interval in milliseconds; the number field takes all that the core takes. */
const [SHORTEST_MS, LONGEST_MS] = [0.1, 100];
const SLIDER_STEPS = 60;

/** A length on the slider, which is logarithmic, as milliseconds with two digits. */
function toMs(step: number): string {
  const ms = SHORTEST_MS * (LONGEST_MS / SHORTEST_MS) ** (step / SLIDER_STEPS);
  return String(Number(ms.toPrecision(2)));
}

function toStep(ms: number): number {
  return Math.round((Math.log(ms / SHORTEST_MS) / Math.log(LONGEST_MS / SHORTEST_MS)) * SLIDER_STEPS);
}

/** The experiment's fields. Fires `change-field` with `[field, text]`. */
@customElement('gs-race-controls')
export class RaceControls extends PageElement {
  @live() settings!: Settings;
  @property({ type: Boolean }) disabled = false;

  #set(field: Shown, text: string): void {
    this.dispatchEvent(new CustomEvent<[Shown, string]>('change-field', { detail: [field, text] }));
  }

  protected override render() {
    const { workload, texts } = this.settings;
    return html`<fieldset class="controls" ?disabled=${this.disabled}>
      <legend class="unseen">The experiment</legend>
      <div class="field wide">
        <label for="field-workload">workload</label>
        <select
          id="field-workload"
          data-testid="field-workload"
          aria-describedby="about-workload"
          .value=${same(texts.workload)}
          @change=${(event: Event) => this.#set('workload', (event.target as HTMLSelectElement).value)}
        >
          ${this.settings.workloads.map(
            ({ id }) => html`<option value=${id} ?selected=${id === texts.workload}>${id}</option>`,
          )}
        </select>
        <p class="note" id="about-workload">${workload.about}</p>
        ${this.#error('workload')}
      </div>
      ${this.#number('size', 'size', workload.size_unit)} ${this.#number('tasks', 'tasks', 'in each round')}
      ${this.#number('workers', 'workers', `at once; ${this.#cores()} here`)}
      ${this.#number('runs', 'rounds', 'measured, after a warm-up')} ${this.#interval()} ${this.#models()}
    </fieldset>`;
  }

  #cores(): string {
    const { cores } = this.settings.environment;
    return cores === 1 ? '1 core' : `${cores} cores`;
  }

  #number(field: Shown, label: string, unit: string) {
    return html`<div class="field">
      <label for="field-${field}">${label}</label>
      ${this.#input(field)}
      <p class="note" id="about-${field}">${unit}${this.#bounds(field)}</p>
      ${this.#error(field)}
    </div>`;
  }

  #input(field: Shown) {
    return html`<input
      id="field-${field}"
      data-testid="field-${field}"
      inputmode="decimal"
      autocomplete="off"
      spellcheck="false"
      aria-describedby="about-${field} error-${field}"
      aria-invalid=${this.settings.error?.field === field}
      .value=${same(this.settings.texts[field])}
      @input=${(event: Event) => this.#set(field, (event.target as HTMLInputElement).value.trim())}
    />`;
  }

  #bounds(field: Shown) {
    const bounds = this.settings.bounds[field]?.replace(/\d{4,}/g, (digits) => count(Number(digits)));
    return bounds ? html`<span class="bounds">${bounds}</span>` : nothing;
  }

  #interval() {
    const ms = Number(this.settings.texts['switch-interval']);
    return html`<div class="field wide">
      <label for="field-switch-interval">switch interval</label>
      <div class="slider">
        <input
          type="range"
          data-testid="slider-switch-interval"
          aria-label="switch interval, ${ms} milliseconds"
          min="0"
          max=${SLIDER_STEPS}
          .value=${same(String(ms > 0 ? toStep(ms) : 0))}
          @input=${(event: Event) => this.#set('switch-interval', toMs(Number((event.target as HTMLInputElement).value)))}
        />
        ${this.#input('switch-interval')}<span class="unit">ms</span>
      </div>
      <p class="note" id="about-switch-interval">
        how long a waiting worker waits before it asks for the lock; Python: 5 ms${this.#bounds('switch-interval')}
      </p>
      ${this.#error('switch-interval')}
    </div>`;
  }

  #models() {
    const chosen = this.settings.texts.model.split(',');
    const toggle = (model: Model, on: boolean) =>
      this.#set('model', MODELS.filter((other) => (other === model ? on : chosen.includes(other))).join(','));
    return html`<fieldset class="field wide models" data-testid="field-model">
      <legend>models</legend>
      ${MODELS.map(
        (model) =>
          html`<label>
            <input
              type="checkbox"
              data-testid="field-model-${model}"
              .checked=${same(chosen.includes(model))}
              @change=${(event: Event) => toggle(model, (event.target as HTMLInputElement).checked)}
            /><span class="mark ${model}" aria-hidden="true"></span>${model}
          </label>`,
      )}
      ${this.#error('model')}
    </fieldset>`;
  }

  #error(field: Shown) {
    const { error } = this.settings;
    const message = error?.field === field ? `“${error.value}” cannot be used: ${error.remedy}` : '';
    return html`<p class="error" id="error-${field}" role=${message ? 'alert' : nothing} data-testid=${message ? 'error' : nothing}>${message}</p>`;
  }
}
