import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live as same } from 'lit/directives/live.js';
import type { Measurement } from '../measurement.ts';
import { live, PageElement } from './page-element.ts';
import './lab-verdict.ts';

/** Run, or Cancel, and how far it is. Fires `run`, `cancel`, `quick` and `native`. */
@customElement('gs-run-bar')
export class RunBar extends PageElement {
  @live() measurement!: Measurement;
  /** Why nothing can be run, if nothing can. */
  @property() reason = '';
  @property({ type: Boolean }) native = false;
  @property({ type: Boolean }) offersNative = false;
  /** Whether the experiment is the lab's quick one. */
  @property({ type: Boolean }) quick = false;
  @property({ type: Boolean }) offersQuick = false;

  protected override render() {
    const { phase, detail, progress } = this.measurement;
    const running = phase === 'running';
    const blocked = phase === 'loading' || (!running && this.reason !== '');
    return html`<div class="run-bar">
      <button
        class="primary"
        type="button"
        data-testid="run-button"
        ?disabled=${blocked}
        aria-describedby="run-reason"
        @click=${() => this.dispatchEvent(new Event(running ? 'cancel' : 'run'))}
      >
        ${running ? 'Cancel' : this.measurement.reports.size > 0 ? 'Run again' : 'Run'}
      </button>
      <div class="switches">
        ${this.offersQuick ? this.#switch('quick', this.quick, running, html`quick: a few seconds, rough figures`) : nothing}
        ${this.offersNative ? this.#switch('native', this.native, running, html`also run natively`) : nothing}
      </div>
      <div class="progress">
        <p><span role="status" aria-live="polite" data-testid="status">${this.#status()}</span>
          <span class="note">${detail}</span></p>
        ${running ? html`<progress max="1" .value=${progress} aria-label="all rounds"></progress>` : nothing}
        <p class="error" id="run-reason">${running ? '' : this.reason}</p>
      </div>
      <gs-lab-verdict role="status" .reports=${running ? new Map() : this.measurement.reports}></gs-lab-verdict>
    </div>`;
  }

  #status(): string {
    const { phase, status } = this.measurement;
    if (phase === 'loading') return 'loading';
    if (phase === 'idle') return this.reason ? 'not ready' : 'ready';
    return status;
  }

  #switch(name: 'quick' | 'native', checked: boolean, disabled: boolean, label: TemplateResult) {
    return html`<label class="switch">
      <input
        type="checkbox"
        role="switch"
        data-testid="${name}-switch"
        .checked=${same(checked)}
        ?disabled=${disabled}
        @change=${(event: Event) =>
          this.dispatchEvent(new CustomEvent(name, { detail: (event.target as HTMLInputElement).checked }))}
      />
      ${label}
    </label>`;
  }
}
