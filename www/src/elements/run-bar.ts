import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live as same } from 'lit/directives/live.js';
import type { Measurement } from '../measurement.ts';
import { isPython, type HostId, hostAbout } from '../words.ts';
import { live, PageElement } from './page-element.ts';
import './lab-verdict.ts';

const SUITED =
  'CPython gets the same experiment with smaller tasks, so that it takes about as long: compare ratios, not times and answers.';

/** What the reader has switched on or off. */
export type Switched<T> = CustomEvent<[T, boolean]>;

/** Run, or Cancel, and how far it is. Fires `run`, `cancel`, `quick` and `host`. */
@customElement('gs-run-bar')
export class RunBar extends PageElement {
  @live() measurement!: Measurement;
  /** Why nothing can be run, if nothing can. */
  @property() reason = '';
  /** Where an experiment can run, and where it is to run. */
  @property({ attribute: false }) offered: readonly HostId[] = [];
  @property({ attribute: false }) hosts: readonly HostId[] = [];
  /** Whether the experiment is the lab's quick one. */
  @property({ type: Boolean }) quick = false;
  @property({ type: Boolean }) offersQuick = false;

  protected override render() {
    const { phase, detail, progress } = this.measurement;
    const running = phase === 'running';
    const blocked = !running && this.reason !== '';
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
        ${this.offersQuick ? this.#quick(running) : nothing} ${this.offered.length > 1 ? this.#where(running) : nothing}
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
    const { phase, status, hindrance } = this.measurement;
    if (phase === 'idle') return this.reason ? 'not ready' : 'ready';
    return hindrance || status;
  }

  #quick(running: boolean) {
    const label = html`quick: a few seconds, rough figures`;
    return this.#switch('quick', this.quick, running, label, (on) => new CustomEvent('quick', { detail: on }));
  }

  /** The same experiment on several hosts can be compared. */
  #where(running: boolean) {
    const pythons = this.offered.filter(isPython);
    const others = this.offered.filter((host) => !isPython(host));
    return html`<fieldset class="hosts">
      <legend class="unseen">Where to run</legend>
      ${others.map((host) => this.#host(host, running))} ${pythons.length > 0 ? this.#pythons(pythons, running) : nothing}
    </fieldset>`;
  }

  /** Folded, because some machines have many. */
  #pythons(pythons: readonly HostId[], running: boolean) {
    const chosen = this.hosts.some(isPython);
    return html`<details class="pythons" data-testid="pythons">
      <summary>in CPython</summary>
      <div class="hosts">${pythons.map((host) => this.#host(host, running))}</div>
      ${chosen ? html`<p class="note">${SUITED}</p>` : nothing}
    </details>`;
  }

  #host(host: HostId, running: boolean) {
    const event = (on: boolean): Switched<HostId> => new CustomEvent('host', { detail: [host, on] });
    return this.#switch(host, this.hosts.includes(host), running, html`${hostAbout(host)}`, event);
  }

  #switch(name: string, checked: boolean, disabled: boolean, label: TemplateResult, event: (on: boolean) => Event) {
    return html`<label class="switch">
      <input
        type="checkbox"
        role="switch"
        data-testid="${name}-switch"
        .checked=${same(checked)}
        ?disabled=${disabled}
        @change=${({ target }: Event) => this.dispatchEvent(event((target as HTMLInputElement).checked))}
      />
      ${label}
    </label>`;
  }
}
