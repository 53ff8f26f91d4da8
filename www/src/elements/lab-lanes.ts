import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { pointInWords } from '../fields.ts';
import { ratio } from '../format.ts';
import type { Measurement } from '../measurement.ts';
import { MODELS, hostAbout, workersOf } from '../words.ts';
import { live, PageElement } from './page-element.ts';
import './model-lane.ts';
import './time-axis.ts';

/** The lanes of all models at one point, on one time axis and one scale of speed-ups. */
@customElement('gs-lab-lanes')
export class LabLanes extends PageElement {
  @live() measurement!: Measurement;

  protected override render() {
    const { measurement } = this;
    const models = MODELS.filter((model) => measurement.shown.some((track) => track.model === model));
    const most = this.#most();
    // Before there is something to look at, its place is kept, so that nothing moves then.
    const isMeasured = measurement.phase !== 'running' && measurement.shown.some(({ round }) => round);
    const compares = models.includes('serial');
    return html`<section class="lanes" aria-labelledby="lanes-title">
      <h2 class="unseen" id="lanes-title">One lane for each model</h2>
      ${this.#point()}
      <div class="lane-head">
        <gs-state-legend ?locked=${models.includes('threads')}></gs-state-legend>
        <gs-timeline-tools .measurement=${measurement} class=${isMeasured ? '' : 'later'}></gs-timeline-tools>
        <gs-time-axis .scale=${measurement.scale}></gs-time-axis>
        <gs-round-choice .measurement=${measurement} class=${isMeasured ? '' : 'later'}></gs-round-choice>
      </div>
      ${models.map(
        (model) =>
          html`<gs-model-lane .measurement=${measurement} model=${model} .most=${most} ?compares=${compares}></gs-model-lane>`,
      )}
      ${compares ? this.#key() : nothing}
      <gs-time-spent .measurement=${measurement}></gs-time-spent>
    </section>`;
  }

  /** Which point of a sweep these lanes are of; after the run, any of them. */
  #point() {
    const { experiment, point, phase } = this.measurement;
    const at = experiment?.sweep[point];
    if (!experiment || !at) return nothing;
    const of = `point ${point + 1} of ${experiment.sweep.length}`;
    if (phase === 'running') {
      return html`<p class="point" data-testid="point"><b>${of}:</b> ${pointInWords(at)}</p>`;
    }
    return html`<p class="point" data-testid="point">
      <label
        ><b>the lanes of</b>
        <select @change=${(event: Event) => this.measurement.show(Number((event.target as HTMLSelectElement).value))}>
          ${experiment.sweep.map(
            (each, i) =>
              html`<option value=${i} ?selected=${i === point}>point ${i + 1} of ${experiment.sweep.length}: ${pointInWords(each)}</option>`,
          )}
        </select></label
      >
    </p>`;
  }

  #key() {
    return html`<p class="note bar-key">
      <span><span class="key bar-value"></span>speed-up over serial</span>
      <span><span class="key one-line"></span>serial, 1×</span>
      <span><span class="key ceiling-line"></span>the ceiling: what bare workers get on this machine${this.#ceilings()}</span>
    </p>`;
  }

  /** The speed-up at the right end of every bar. */
  #most(): number {
    const { shown, ceilings } = this.measurement;
    const known = shown.flatMap(({ speedup, run }) => [speedup ?? 0, run?.speedup?.max ?? 0]);
    // Until the ceiling is known, there is room for one core a worker.
    const room = ceilings.length > 0 ? ceilings.map(({ speedup }) => speedup) : shown.map(({ workers }) => workers);
    return Math.max(1, ...known, ...room) * 1.06;
  }

  /** The ceilings that are known, in words. */
  #ceilings(): string {
    const { ceilings, hosts } = this.measurement;
    const known = ceilings.map(({ host, workers, speedup }) => {
      const where = hosts.length > 1 ? `${hostAbout(host)}, ` : '';
      return `${where}${workersOf(workers)}: ${ratio(speedup)}`;
    });
    return known.length > 0 ? ` (${known.join('; ')})` : '';
  }
}
