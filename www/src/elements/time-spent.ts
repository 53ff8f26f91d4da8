import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Track } from '../live.ts';
import type { Measurement } from '../measurement.ts';
import { inShort } from '../timeline/shares.ts';
import { live, PageElement } from './page-element.ts';
import './span-table.ts';
import './worker-shares.ts';

/** What lies behind the timelines, in numbers: below all of them, so that none of them moves when it comes. */
@customElement('gs-time-spent')
export class TimeSpent extends PageElement {
  @live() measurement!: Measurement;

  protected override render() {
    const tracks = this.measurement.shown.filter(({ run }) => run && run.per_worker.length > 0);
    if (this.measurement.phase === 'running' || tracks.length === 0) return nothing;
    return html`<section class="spent" aria-labelledby="spent-title">
      <h3 id="spent-title">What the time went into</h3>
      ${tracks.map((track) => this.#track(track, tracks.find(({ model }) => model === track.model) === track))}
    </section>`;
  }

  #track(track: Track, isFirst: boolean) {
    const { scale, hosts } = this.measurement;
    const hook = track.id(isFirst);
    return html`<details class="numbers">
      <summary>
        <span class="mark ${track.model}" aria-hidden="true"></span>${track.model}, ${track.name(hosts.length > 1)}
        <span class="note">${inShort(track.run!, track.run!.per_worker)}</span>
      </summary>
      <gs-worker-shares .run=${track.run} hook=${hook}></gs-worker-shares>
      <gs-span-table .scale=${scale} .track=${track} hook=${hook}></gs-span-table>
    </details>`;
  }
}
