import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live as same } from 'lit/directives/live.js';
import { CHOICES } from '../choices.ts';
import { type Field, sweeps } from '../fields.ts';
import { count } from '../format.ts';
import type { Settings } from '../settings.ts';
import { type Slider, SLIDERS } from '../sliders.ts';
import { live, PageElement } from './page-element.ts';
import './column-help.ts';
import './model-choice.ts';

const valueOf = (event: Event) => (event.target as HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement).value;

/** What a control says: the field and its text. */
export type FieldChange = CustomEvent<[Field, string]>;

/** The control of one field, with all that is to be said of it. Fires `change-field`. */
@customElement('gs-experiment-field')
export class ExperimentField extends PageElement {
  @live() settings!: Settings;
  @property() field!: Field;
  /** Whether there is room for the reason of its bounds. */
  @property({ type: Boolean }) roomy = false;

  #set(text: string): void {
    this.dispatchEvent(new CustomEvent('change-field', { detail: [this.field, text], bubbles: true }));
  }

  protected override render() {
    const { field } = this;
    // Its boxes have labels of their own.
    if (field === 'model') return html`<gs-model-choice .settings=${this.settings} @models=${({ detail }: CustomEvent<string>) => this.#set(detail)}></gs-model-choice>${this.#error()}`;
    return html`<div class="name"><label for="field-${field}">${CHOICES[field].label}</label>${this.#help()}</div>
      ${this.#control()}
      <p class="note" id="about-${field}">${this.#about()}</p>
      ${this.#error()}`;
  }

  #control() {
    const { field } = this;
    const { names, unit } = CHOICES[field];
    if (field === 'workload') return this.#select(this.settings.workloads.map(({ id }) => [id, id]));
    if (names) return this.#select(Object.entries(names));
    if (field === 'sweep') return this.#area();
    const slider = SLIDERS[field];
    if (slider) return this.#slider(slider, unit);
    return unit ? html`<span class="with-unit">${this.#input()}<span class="unit">${unit}</span></span>` : this.#input();
  }

  #select(names: [string, string][]) {
    const text = this.settings.texts[this.field];
    return html`<select
      id="field-${this.field}"
      data-testid="field-${this.field}"
      aria-describedby=${this.#described()}
      aria-invalid=${this.#isWrong()}
      .value=${same(text)}
      @change=${(event: Event) => this.#set(valueOf(event))}
    >
      ${names.map(([name, words]) => html`<option value=${name} ?selected=${name === text}>${words}</option>`)}
    </select>`;
  }

  #input() {
    return html`<input
      id="field-${this.field}"
      data-testid="field-${this.field}"
      inputmode="decimal"
      autocomplete="off"
      spellcheck="false"
      aria-describedby=${this.#described()}
      aria-invalid=${this.#isWrong()}
      .value=${same(this.settings.texts[this.field])}
      @input=${(event: Event) => this.#set(valueOf(event).trim())}
    />`;
  }

  #area() {
    return html`<textarea
      id="field-${this.field}"
      data-testid="field-${this.field}"
      rows="3"
      spellcheck="false"
      aria-describedby=${this.#described()}
      aria-invalid=${this.#isWrong()}
      .value=${same(this.settings.texts[this.field])}
      @input=${(event: Event) => this.#set(valueOf(event))}
    ></textarea>`;
  }

  #slider({ steps, toText, toStep }: Slider, unit = '') {
    const value = Number(this.settings.texts[this.field]);
    return html`<div class="slider">
      <input
        type="range"
        data-testid="slider-${this.field}"
        aria-label="${CHOICES[this.field].label}, ${value} ${unit}"
        min="0"
        max=${steps}
        .value=${same(String(toStep(value)))}
        @input=${(event: Event) => this.#set(toText(Number(valueOf(event))))}
      />
      ${this.#input()}<span class="unit">${unit}</span>
    </div>`;
  }

  /** What it is, what it accepts, and why it does not act here, if so. */
  #about() {
    const { facts, experiment } = this.settings;
    const { bounds, idle } = facts.get(this.field) ?? {};
    const numbers = bounds ? `${count(bounds.low)} to ${count(bounds.high)}` : '';
    const reason = bounds && this.roomy ? `, because ${bounds.because}` : '';
    return html`${this.#aboutText()}${numbers ? html`<span class="bounds">${numbers}${reason}</span>` : nothing}
    ${idle ? html`<span class="idle" data-testid="idle-${this.field}">Changes nothing here: ${idle}.</span>` : nothing}
    ${sweeps(experiment, this.field) ? html`<span class="bounds">The points vary it; move it to run one point of your own.</span>` : nothing}`;
  }

  #aboutText(): string {
    const { workload, texts, environment } = this.settings;
    switch (this.field) {
      case 'workload':
        return workload.about;
      case 'size':
        return workload.size_unit;
      case 'runs':
        return texts.warmup === '0' ? 'measured' : CHOICES.runs.about;
      case 'workers':
        return `${CHOICES.workers.about}; ${environment.cores === 1 ? '1 core' : `${environment.cores} cores`} here`;
      default:
        return CHOICES[this.field].about;
    }
  }

  #help() {
    const { label, help } = CHOICES[this.field];
    const bounds = this.settings.facts.get(this.field)?.bounds;
    const reason = bounds && !this.roomy ? ` From ${count(bounds.low)} to ${count(bounds.high)}, because ${bounds.because}.` : '';
    return html`<gs-column-help beside hook="field-${this.field}" name=${label} help=${`${help}${reason}`}></gs-column-help>`;
  }

  #described(): string {
    return `about-${this.field} error-${this.field}`;
  }

  #isWrong(): boolean {
    return this.settings.error?.field === this.field;
  }

  #error() {
    const { error } = this.settings;
    const message = error && this.#isWrong() ? `“${error.value}” cannot be used: ${error.remedy}.` : '';
    return html`<p class="error" id="error-${this.field}" role=${message ? 'alert' : nothing} data-testid=${message ? 'error' : nothing}>${message}</p>`;
  }
}
