import { html, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { clock, ratio, ratioInterval, seconds, secondsInterval } from '../format.ts';
import type { Track } from '../live.ts';
import type { Measurement } from '../measurement.ts';
import { heightOf, laneBoxes } from '../timeline/geometry.ts';
import type { Kind } from '../timeline/round.ts';
import { inShort } from '../timeline/shares.ts';
import { workersOf } from '../words.ts';
import { live, PageElement } from './page-element.ts';
import './speed-bar.ts';
import type { Timeline } from './timeline.ts';

/** What the clock of a round that is not yet a figure of the report shows. */
const KINDS: Record<Kind, string> = {
  'start-up': 'starting, warming up',
  'warm-up': 'warm-up round',
  measured: 'this round',
  'cut-short': 'round cut short',
};

/** The line below the lanes that tells what is pointed at: styles/timeline.css, in CSS pixels. */
const TOLD_HEIGHT = 22.75;

/** One model with one number of workers on one host: its timeline, its clock and its bar. */
@customElement('gs-lane-track')
export class LaneTrack extends PageElement {
  @live() measurement!: Measurement;
  @live() track!: Track;
  /** Whether the lane has other tracks, so that this one needs a name. */
  @property({ type: Boolean }) named = false;
  /** The part of its test hooks that tells it from others. */
  @property() hook = '';
  @property({ type: Number }) most = 2;
  /** Whether there is a speed-up to show. */
  @property({ type: Boolean }) compares = false;

  @query('gs-timeline') private timeline?: Timeline;
  @query('.clock') private clock?: HTMLElement;
  #clocked = 0;

  /** Draw what is new; called while this track's round is being measured. */
  frame(): void {
    const { round } = this.track;
    if (!round || !this.timeline || !this.clock) return;
    const now_us = this.measurement.now_us();
    // A new axis concerns all lanes; they paint when they are rendered.
    if (this.measurement.scale.grow(now_us - round.start_us)) this.measurement.changed();
    this.timeline.frame(now_us);
    if (performance.now() - this.#clocked < 100) return;
    this.#clocked = performance.now();
    this.clock.textContent = clock(Math.max(0, now_us - round.start_us) / 1e6);
  }

  protected override updated(): void {
    // Its place is kept until it wakes up, so that nothing moves then.
    const { rows, hasLock } = this.track;
    this.timeline?.style.setProperty('min-height', `${heightOf(laneBoxes(rows, hasLock)) + TOLD_HEIGHT}px`);
    if (this.clock && this.measurement.active !== this.track) this.clock.textContent = this.#elapsed();
  }

  #elapsed(): string {
    const { run, elapsed_us } = this.track;
    if (run) return seconds(run.elapsed_s.median);
    return elapsed_us === undefined ? '' : clock(elapsed_us / 1e6);
  }

  protected override render() {
    const { track, measurement, hook } = this;
    const name = this.named ? html`<p class="track-name">${track.name(measurement.hosts.length > 1)}</p>` : nothing;
    if (track.unavailable) return html`${name}<p class="unavailable">Not available here: ${track.unavailable}</p>`;
    return html`
      ${name}
      <gs-timeline .measurement=${measurement} .track=${track} hook=${hook} label=${this.#label()}></gs-timeline>
      <div class="time">
        <output class="clock" data-testid="clock-${hook}" aria-live="off"></output>
        <span class="note">${this.#note()}</span>
      </div>
      ${this.compares ? this.#speedup() : nothing}
      ${this.#kills ? html`<gs-kill-buttons .measurement=${measurement} .track=${track}></gs-kill-buttons>` : nothing}
    `;
  }

  /** Whether a reader may kill its workers: gilscope's own, for a Python's are Python's. */
  get #kills(): boolean {
    const { host, model } = this.track;
    return this.measurement.experiment?.lab === 'worker-death' && ['browser', 'native'].includes(host) && model === 'processes';
  }

  /** Its bar, and what it stands for. */
  #speedup() {
    const { track, measurement, hook } = this;
    const { run } = track;
    const speedup = run ? run.speedup?.median : track.speedup;
    // Serial is the measure of the others, so it has nothing to be uncertain about.
    const interval = run?.speedup && track.model !== 'serial' ? ratioInterval(run.speedup) : undefined;
    return html`<gs-speed-bar
        model=${track.model}
        .speedup=${speedup}
        .interval=${interval && run?.speedup?.ci95}
        .ceiling=${measurement.ceiling(track.host, track.workers)}
        .most=${this.most}
      ></gs-speed-bar>
      <div class="speed">
        <span data-testid="speedup-${hook}">${speedup === undefined ? '' : ratio(speedup)}</span>
        <span class="note">${interval}</span>
      </div>`;
  }

  /** What the clock's figure is. */
  #note(): string {
    const { run, round } = this.track;
    if (run) return secondsInterval(run.elapsed_s) ?? 'too few rounds';
    return round ? KINDS[round.kind] : '';
  }

  #label(): string {
    const { run, model, workers } = this.track;
    const name = `Timeline of ${model}, ${workersOf(workers)}`;
    if (!run || run.per_worker.length === 0) return name;
    return `${name}, all measured rounds. ${run.per_worker.map((worker) => `worker ${worker.id}: ${inShort(run, [worker])}`).join('; ')}.`;
  }
}
