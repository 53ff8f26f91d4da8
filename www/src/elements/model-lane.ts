import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Model } from '../host/index.ts';
import type { Track } from '../live.ts';
import type { Measurement } from '../measurement.ts';
import { LOCK_OVER_MESSAGES, MODEL_ABOUT } from '../words.ts';
import { live, PageElement } from './page-element.ts';
import './lane-track.ts';

/** One model: what it is, and a track for each number of workers on each host. */
@customElement('gs-model-lane')
export class ModelLane extends PageElement {
  @live() measurement!: Measurement;
  @property() model: Model = 'serial';
  /** The speed-up at the right end of every bar. */
  @property({ type: Number }) most = 2;
  /** Whether there are speed-ups to show. */
  @property({ type: Boolean }) compares = false;

  protected override render() {
    const { measurement, model } = this;
    const ofModel = measurement.shown.filter((track) => track.model === model);
    // One reason is enough for all numbers of workers.
    const told = (of: Track) => ofModel.find(({ host, unavailable }) => host === of.host && unavailable === of.unavailable);
    const tracks = ofModel.filter((track) => !track.unavailable || told(track) === track);
    const named = tracks.length > 1 || tracks.some(({ beside }) => beside > 0);
    return html`<section class="lane" data-testid="lane-${model}" aria-labelledby="name-${model}">
      <header>
        <h3 id="name-${model}"><span class="mark ${model}" aria-hidden="true"></span>${model}</h3>
        ${model === 'threads' && measurement.lockOverMessages
          ? html`<p data-testid="lock-over-messages">${LOCK_OVER_MESSAGES}</p>`
          : html`<p>${MODEL_ABOUT[model]}</p>`}
      </header>
      <div class="tracks">
        ${repeat(
          tracks,
          (track) => `${track.host} ${track.workers}`,
          (track, i) =>
            html`<gs-lane-track .measurement=${measurement} .track=${track} ?named=${named} hook=${track.id(i === 0)} .most=${this.most} ?compares=${this.compares}></gs-lane-track>`,
        )}
      </div>
    </section>`;
  }
}
