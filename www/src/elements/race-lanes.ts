import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { ratio } from '../format.ts';
import type { Race } from '../race.ts';
import { MODELS, PLACE_ABOUT, workersOf } from '../words.ts';
import { live, PageElement } from './page-element.ts';
import './model-lane.ts';
import './state-legend.ts';
import './time-axis.ts';

/** The lanes of all models, on one time axis and one scale of speed-ups. */
@customElement('gs-race-lanes')
export class RaceLanes extends PageElement {
  @live() race!: Race;

  protected override render() {
    const { race } = this;
    const models = MODELS.filter((model) => race.tracks.some((track) => track.model === model));
    const most = this.#most();
    return html`<section class="lanes" aria-labelledby="lanes-title">
      <h2 class="unseen" id="lanes-title">One lane for each model</h2>
      <div class="lane-head">
        <gs-state-legend></gs-state-legend>
        <gs-time-axis .scale=${race.scale}></gs-time-axis>
      </div>
      ${models.map((model) => html`<gs-model-lane .race=${race} model=${model} .most=${most}></gs-model-lane>`)}
      <p class="note bar-key">
        <span><span class="key bar-value"></span>speed-up over serial</span>
        <span><span class="key one-line"></span>serial, 1×</span>
        <span><span class="key ceiling-line"></span>the ceiling: what bare workers get on this machine${this.#ceilings()}</span>
      </p>
    </section>`;
  }

  /** The speed-up at the right end of every bar. */
  #most(): number {
    const { tracks, ceilings } = this.race;
    const known = tracks.flatMap(({ speedup, run }) => [speedup ?? 0, run?.speedup?.max ?? 0]);
    // Until the ceiling is known, there is room for one core a worker.
    const room = ceilings.length > 0 ? ceilings.map(({ speedup }) => speedup) : tracks.map(({ workers }) => workers);
    return Math.max(1, ...known, ...room) * 1.06;
  }

  /** The ceilings that are known, in words. */
  #ceilings(): string {
    const { ceilings, places } = this.race;
    const known = ceilings.map(({ place, workers, speedup }) => {
      const where = places.length > 1 ? `${PLACE_ABOUT[place]}, ` : '';
      return `${where}${workersOf(workers)}: ${ratio(speedup)}`;
    });
    return known.length > 0 ? ` (${known.join('; ')})` : '';
  }
}
