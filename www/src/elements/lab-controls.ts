import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live as same } from 'lit/directives/live.js';
import { NAMES, type NameField, NUMBERS, type NumberField, type SliderField, SLIDERS } from '../choices.ts';
import { type Field, sweeps } from '../fields.ts';
import { count } from '../format.ts';
import type { Model } from '../host/index.ts';
import type { Settings } from '../settings.ts';
import { MODELS } from '../words.ts';
import { live, PageElement } from './page-element.ts';
import './sweep-points.ts';

const valueOf = (event: Event) => (event.target as HTMLInputElement | HTMLSelectElement).value;

/** The fields of the experiment that the lab leaves open. Fires `change-field` with `[field, text]`. */
@customElement('gs-lab-controls')
export class LabControls extends PageElement {
  @live() settings!: Settings;
  @property({ type: Boolean }) disabled = false;

  #set(field: Field, text: string): void {
    this.dispatchEvent(new CustomEvent<[Field, string]>('change-field', { detail: [field, text] }));
  }

  protected override render() {
    const { shown } = this.settings;
    const of = <T extends { field: Field }>(fields: readonly T[], control: (field: T) => TemplateResult) =>
      fields.filter(({ field }) => shown.has(field)).map(control);
    return html`<fieldset class="controls" ?disabled=${this.disabled}>
      <legend class="unseen">The experiment</legend>
      ${shown.has('workload') ? this.#workload() : nothing}
      ${shown.has('sweep')
        ? html`<gs-sweep-points class="field wide" .settings=${this.settings} @points=${(event: CustomEvent<string>) => this.#set('sweep', event.detail)}>
          </gs-sweep-points>`
        : nothing}
      ${of(NUMBERS, (field) => this.#number(field))} ${of(NAMES, (field) => this.#names(field))}
      ${of(SLIDERS, (field) => this.#slider(field))} ${shown.has('model') ? this.#models() : nothing}
    </fieldset>`;
  }

  #workload() {
    const { workload, workloads } = this.settings;
    const names = workloads.map(({ id }) => [id, id] as const);
    return this.#select('workload', 'workload', names, html`<p class="note" id="about-workload">${workload.about}</p>`);
  }

  #names({ field, label, names }: NameField) {
    return this.#select(field, label, names);
  }

  #select(field: Field, label: string, names: readonly (readonly [string, string])[], about: unknown = nothing) {
    const text = this.settings.texts[field];
    return html`<div class="field wide">
      <label for="field-${field}">${label}</label>
      <select
        id="field-${field}"
        data-testid="field-${field}"
        aria-describedby=${about === nothing ? nothing : `about-${field}`}
        .value=${same(text)}
        @change=${(event: Event) => this.#set(field, valueOf(event))}
      >
        ${names.map(([name, words]) => html`<option value=${name} ?selected=${name === text}>${words}</option>`)}
      </select>
      ${about} ${this.#error(field)}
    </div>`;
  }

  #number({ field, label, about }: NumberField) {
    return html`<div class="field">
      <label for="field-${field}">${label}</label>
      ${this.#input(field)}
      <p class="note" id="about-${field}">${this.#about(field, about)}${this.#bounds(field)}</p>
      ${this.#error(field)}
    </div>`;
  }

  #about(field: Field, about: string): string {
    const { cores } = this.settings.environment;
    if (field === 'size') return this.settings.workload.size_unit;
    if (field === 'runs' && this.settings.texts.warmup === '0') return 'measured';
    return field === 'workers' ? `${about}; ${cores === 1 ? '1 core' : `${cores} cores`} here` : about;
  }

  #input(field: Field) {
    return html`<input
      id="field-${field}"
      data-testid="field-${field}"
      inputmode="decimal"
      autocomplete="off"
      spellcheck="false"
      aria-describedby="about-${field} error-${field}"
      aria-invalid=${this.settings.error?.field === field}
      .value=${same(this.settings.texts[field])}
      @input=${(event: Event) => this.#set(field, valueOf(event).trim())}
    />`;
  }

  #bounds(field: Field) {
    const bounds = this.settings.bounds[field]?.replace(/\d{4,}/g, (digits) => count(Number(digits)));
    return bounds ? html`<span class="bounds">${bounds}</span>` : nothing;
  }

  #slider({ field, label, about, unit, steps, toText, toStep }: SliderField) {
    const value = Number(this.settings.texts[field]);
    return html`<div class="field wide">
      <label for="field-${field}">${label}</label>
      <div class="slider">
        <input
          type="range"
          data-testid="slider-${field}"
          aria-label="${label}, ${value} ${unit}"
          min="0"
          max=${steps}
          .value=${same(String(toStep(value)))}
          @input=${(event: Event) => this.#set(field, toText(Number(valueOf(event))))}
        />
        ${this.#input(field)}<span class="unit">${unit}</span>
      </div>
      <p class="note" id="about-${field}">
        ${about}${this.#bounds(field)}
        ${sweeps(this.settings.experiment, field) ? ' The points above vary it; move it to run one point of your own.' : nothing}
      </p>
      ${this.#error(field)}
    </div>`;
  }

  #models() {
    const chosen = this.settings.texts.model.split(',');
    const own = this.settings.own().models;
    // An event loop is for waiting: where a lab only computes, it is not offered.
    const offered = MODELS.filter((model) => model !== 'event-loop' || own.includes(model) || chosen.includes(model));
    const toggle = (model: Model, on: boolean) =>
      this.#set('model', MODELS.filter((other) => (other === model ? on : chosen.includes(other))).join(','));
    return html`<fieldset class="field wide models" data-testid="field-model">
      <legend>models</legend>
      ${offered.map(
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

  #error(field: Field) {
    const { error } = this.settings;
    const message = error?.field === field ? `“${error.value}” cannot be used: ${error.remedy}` : '';
    return html`<p class="error" id="error-${field}" role=${message ? 'alert' : nothing} data-testid=${message ? 'error' : nothing}>${message}</p>`;
  }
}
