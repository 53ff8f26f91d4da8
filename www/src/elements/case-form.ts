import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live as same } from 'lit/directives/live.js';
import type { Case } from '../host/index.ts';
import { PageElement } from './page-element.ts';

interface Question {
  field: keyof Case;
  label: string;
  unit: string;
  /** Of one such unit, in the case's own: seconds, bytes, one. */
  size: number;
  least: number;
  most: number;
}

const QUESTIONS: readonly Question[] = [
  { field: 'task_s', label: 'one task takes', unit: 'ms', size: 1e-3, least: 0.001, most: 1e7 },
  { field: 'tasks', label: 'number of tasks', unit: '', size: 1, least: 1, most: 1e9 },
  { field: 'wait_share', label: 'of its time it waits', unit: '%', size: 0.01, least: 0, most: 100 },
  { field: 'task_bytes', label: 'data for a task, there and back', unit: 'KiB', size: 2 ** 10, least: 0, most: 1e7 },
  { field: 'worker_bytes', label: 'memory a worker needs for itself', unit: 'MiB', size: 2 ** 20, least: 0, most: 1e6 },
  { field: 'budget_bytes', label: 'memory for all workers', unit: 'MiB', size: 2 ** 20, least: 1, most: 1e7 },
];

/** The reader's own case. Fires `case` with what changed. */
@customElement('gs-case-form')
export class CaseForm extends PageElement {
  @property({ attribute: false }) case!: Case;

  protected override render() {
    return html`<fieldset class="case">
      <legend>Your case</legend>
      ${QUESTIONS.map(
        ({ field, label, unit, size, least, most }) => html`<div class="field">
          <label for="case-${field}">${label}</label>
          <span class="with-unit">
            <input
              type="number"
              id="case-${field}"
              data-testid="case-${field}"
              min=${least}
              max=${most}
              step="any"
              .value=${same(String(Number((this.case[field] / size).toPrecision(9))))}
              @change=${(event: Event) => this.#tell(event, field, size)}
            /><span class="unit">${unit}</span>
          </span>
        </div>`,
      )}
    </fieldset>`;
  }

  #tell(event: Event, field: keyof Case, size: number): void {
    const input = event.target as HTMLInputElement;
    // The browser says what is wrong; until it is mended the case stays as it was.
    if (!input.reportValidity() || input.value === '') return;
    const value = input.valueAsNumber * size;
    const whole = field === 'tasks' ? Math.max(1, Math.round(value)) : value;
    this.dispatchEvent(new CustomEvent('case', { detail: { [field]: whole } }));
  }
}
