import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { end, leftBehind } from '../host/companion-run.ts';
import type { RunInfo } from '../host/index.ts';
import { type HostId, hostAbout } from '../words.ts';
import { PageElement } from './page-element.ts';

/** Offers the run that went on as this page was left. Fires `pick-up`. */
@customElement('gs-pick-up')
export class PickUp extends PageElement {
  @state() private run?: RunInfo | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    // A companion that does not answer has nothing to offer.
    void leftBehind().then((run) => (this.run = run), () => undefined);
  }

  protected override render() {
    const { run } = this;
    if (!run) return nothing;
    const is = { queued: 'is waiting', running: 'goes on', ended: 'has ended' }[run.progress.state];
    return html`<p class="notice" role="status" data-testid="notice-pick-up">
      Your run of ${run.experiment.lab} ${hostAbout(run.host as HostId)} ${is}.
      <button type="button" data-testid="pick-up" @click=${() => this.#pickUp(run)}>Show it</button>
      <button type="button" data-testid="leave" @click=${() => this.#leave(run)}>
        ${run.progress.state === 'ended' ? 'Forget it' : 'Cancel it'}
      </button>
    </p>`;
  }

  #pickUp(run: RunInfo): void {
    this.run = undefined;
    this.dispatchEvent(new CustomEvent('pick-up', { detail: run }));
  }

  #leave(run: RunInfo): void {
    this.run = undefined;
    void end(run.id);
  }
}
