import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Race } from '../race.ts';
import { live, PageElement } from './page-element.ts';
import './race-verdict.ts';

/** Run, or Cancel, and how far it is. Fires `run`, `cancel` and `native`. */
@customElement('gs-run-bar')
export class RunBar extends PageElement {
  @live() race!: Race;
  /** Why nothing can be run, if nothing can. */
  @property() reason = '';
  @property({ type: Boolean }) native = false;
  @property({ type: Boolean }) offersNative = false;

  protected override render() {
    const { phase, detail, progress } = this.race;
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
        ${running ? 'Cancel' : this.race.reports.size > 0 ? 'Run again' : 'Run'}
      </button>
      ${this.offersNative ? this.#native(running) : nothing}
      <div class="progress">
        <p><span role="status" aria-live="polite" data-testid="status">${this.#status()}</span>
          <span class="note">${detail}</span></p>
        ${running ? html`<progress max="1" .value=${progress} aria-label="rounds"></progress>` : nothing}
        <p class="error" id="run-reason">${running ? '' : this.reason}</p>
      </div>
      <gs-race-verdict role="status" .reports=${running ? new Map() : this.race.reports}></gs-race-verdict>
    </div>`;
  }

  #status(): string {
    const { phase, status } = this.race;
    if (phase === 'loading') return 'loading';
    if (phase === 'idle') return this.reason ? 'not ready' : 'ready';
    return status;
  }

  #native(running: boolean) {
    return html`<label class="switch">
      <input
        type="checkbox"
        role="switch"
        data-testid="native-switch"
        .checked=${this.native}
        ?disabled=${running}
        @change=${(event: Event) =>
          this.dispatchEvent(new CustomEvent('native', { detail: (event.target as HTMLInputElement).checked }))}
      />
      also run natively
    </label>`;
  }
}
