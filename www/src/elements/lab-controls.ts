import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { CHOICES } from '../choices.ts';
import type { Field } from '../fields.ts';
import type { Settings } from '../settings.ts';
import { SLIDERS } from '../sliders.ts';
import { live, PageElement } from './page-element.ts';
import './experiment-field.ts';
import './sweep-points.ts';

/** What the reader comes to first stands first; the points stand above all that they vary. */
const ORDER: readonly Field[] = [
  ...(['workload', 'sweep', 'size', 'tasks', 'chunk', 'workers', 'background', 'memory-budget', 'runs'] as const),
  ...(['dispatch', 'lock-policy', 'channel', 'start-method', 'library', 'primitive', 'fault', 'fault-times', 'seed', 'warmup', 'cores'] as const),
  ...(['switch-interval', 'shared', 'model'] as const),
];

const isWide = (field: Field) => field === 'workload' || field === 'model' || field in SLIDERS || CHOICES[field].names !== undefined;

/** The fields of the experiment that the lab leaves open. Fires `change-field` with `[field, text]`. */
@customElement('gs-lab-controls')
export class LabControls extends PageElement {
  @live() settings!: Settings;
  @property({ type: Boolean }) disabled = false;

  protected override render() {
    const { shown } = this.settings;
    return html`<fieldset class="controls" ?disabled=${this.disabled}>
      <legend class="unseen">The experiment</legend>
      ${ORDER.filter((field) => shown.has(field)).map((field) => (field === 'sweep' ? this.#points() : this.#field(field)))}
    </fieldset>`;
  }

  #field(field: Field) {
    return html`<gs-experiment-field class="field ${isWide(field) ? 'wide' : ''}" .settings=${this.settings} field=${field}></gs-experiment-field>`;
  }

  #points() {
    const set = ({ detail }: CustomEvent<string>) =>
      this.dispatchEvent(new CustomEvent('change-field', { detail: ['sweep', detail], bubbles: true }));
    return html`<gs-sweep-points class="field wide" .settings=${this.settings} @points=${set}></gs-sweep-points>`;
  }
}
