import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Death, Track } from '../live.ts';
import type { Measurement } from '../measurement.ts';
import { live, PageElement } from './page-element.ts';

/** "worker 1 died (it was killed); task 4 is run again". */
function inWords({ worker, cause, tasks }: Death): string {
  const again = tasks.length === 0 ? 'it had no task' : `task ${tasks.join(', ')} is run again`;
  return `worker ${worker} died (${cause}); ${again}`;
}

/** A button for each process of a track that terminates it while the track is measured, and what came of the last death. */
@customElement('gs-kill-buttons')
export class KillButtons extends PageElement {
  @live() measurement!: Measurement;
  @live() track!: Track;

  protected override render() {
    const { measurement, track } = this;
    const kill = measurement.active === track ? measurement.kill : undefined;
    const button = (worker: number) => html`<button
      type="button"
      data-testid="kill-${worker}"
      ?disabled=${!kill}
      @click=${() => kill?.(worker)}
    >
      Kill worker ${worker}
    </button>`;
    return html`<div class="kills" role="group" aria-label="Kill a process while it computes">
      ${Array.from({ length: track.workers }, (_, worker) => button(worker))}
      <output data-testid="last-death" aria-live="polite">${track.lastDeath ? inWords(track.lastDeath) : ''}</output>
    </div>`;
  }
}
