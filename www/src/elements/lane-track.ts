import { html, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { WorkerFigures } from '../host/index.ts';
import { clock, percent, ratio, ratioInterval, seconds, secondsInterval } from '../format.ts';
import type { Kind, Track } from '../live.ts';
import { Painter, timelineHeight } from '../painter.ts';
import type { Measurement } from '../measurement.ts';
import { placeAbout, STATES, workersOf } from '../words.ts';
import { live, PageElement } from './page-element.ts';
import './speed-bar.ts';

/** What the clock of a round that is not yet a figure of the report shows. */
const KINDS: Record<Kind, string> = {
  'start-up': 'starting, warming up',
  'warm-up': 'warm-up round',
  measured: 'this round',
  'cut-short': 'round cut short',
};

/** What a worker did, in words: "worker 0: running 49 %, waiting 51 %". */
function inWords(worker: WorkerFigures, elapsed_s: number): string {
  const shares = STATES.filter(({ state }) => state !== 'starting')
    .map(({ state, name }) => ({ name, share: worker[`${state}_s` as 'running_s'] / elapsed_s }))
    .filter(({ share }) => share >= 0.005);
  return `worker ${worker.id}: ${shares.map(({ name, share }) => `${name} ${percent(share)}`).join(', ')}`;
}

/** One model with one number of workers in one place: its timeline, its clock and its bar. */
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

  @query('canvas') private canvas!: HTMLCanvasElement;
  @query('output') private clock!: HTMLElement;
  #painter?: Painter;
  #sizes = new ResizeObserver(() => this.layout());
  #clocked = 0;

  /** Draw what is new; called while this track's round is being measured. */
  frame(): void {
    const { round } = this.track;
    if (!round || !this.#painter || !this.canvas) return;
    const now_us = this.measurement.now_us();
    // A new axis concerns all lanes; they paint when they are rendered.
    if (this.measurement.scale.grow(now_us - round.start_us)) this.measurement.changed();
    this.#painter.frame(round, now_us, this.measurement.scale.length_us);
    if (performance.now() - this.#clocked < 100) return;
    this.#clocked = performance.now();
    this.clock.textContent = clock(Math.max(0, now_us - round.start_us) / 1e6);
  }

  /** Take over size and colours. */
  layout = () => {
    if (!this.canvas) return;
    if (this.#painter?.canvas !== this.canvas) this.#painter = new Painter(this.canvas, this.track.model);
    this.#painter.layout(this.track.rows);
    this.#painter.frame(this.track.round, this.measurement.now_us(), this.measurement.scale.length_us);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('gs-theme', this.layout);
  }

  override disconnectedCallback(): void {
    removeEventListener('gs-theme', this.layout);
    this.#sizes.disconnect();
    super.disconnectedCallback();
  }

  protected override updated(): void {
    if (!this.canvas) return;
    if (this.#painter?.canvas !== this.canvas || this.canvas.dataset.rows !== String(this.track.rows)) {
      this.canvas.dataset.rows = String(this.track.rows);
      this.canvas.style.setProperty('height', `${timelineHeight(this.track.rows)}px`);
      this.#sizes.disconnect();
      this.#sizes.observe(this.canvas);
      this.layout();
    }
    this.#painter!.frame(this.track.round, this.measurement.now_us(), this.measurement.scale.length_us);
    if (this.measurement.active !== this.track) this.clock.textContent = this.#elapsed();
  }

  #elapsed(): string {
    const { run, elapsed_us } = this.track;
    if (run) return seconds(run.elapsed_s.median);
    return elapsed_us === undefined ? '' : clock(elapsed_us / 1e6);
  }

  protected override render() {
    const { track, measurement, hook } = this;
    const name = this.named ? html`<p class="track-name">${this.#name()}</p>` : nothing;
    if (track.unavailable) return html`${name}<p class="unavailable">Not available here: ${track.unavailable}</p>`;
    return html`
      ${name}
      <div class="timeline">
        <canvas role="img" data-testid="timeline-${hook}" aria-label=${this.#label()}></canvas>
        ${track.round || measurement.phase === 'running' ? nothing : html`<span class="hint">nothing measured yet</span>`}
      </div>
      <div class="time">
        <output class="clock" data-testid="clock-${hook}" aria-live="off"></output>
        <span class="note">${this.#note()}</span>
      </div>
      ${this.compares ? this.#speedup() : nothing}
    `;
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
        .ceiling=${measurement.ceiling(track.place, track.workers)}
        .most=${this.most}
      ></gs-speed-bar>
      <div class="speed">
        <span data-testid="speedup-${hook}">${speedup === undefined ? '' : ratio(speedup)}</span>
        <span class="note">${interval}</span>
      </div>`;
  }

  #name(): string {
    const { place, workers, beside } = this.track;
    const where = this.measurement.places.length > 1 ? `${placeAbout(place)}, ` : '';
    return `${where}${workersOf(workers)}${beside > 0 ? `, and ${beside} that ${beside === 1 ? 'computes' : 'compute'} beside` : ''}`;
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
    const elapsed_s = run.elapsed_s.samples.reduce((sum, sample) => sum + sample, 0);
    return `${name}, all measured rounds. ${run.per_worker.map((worker) => inWords(worker, elapsed_s)).join('; ')}.`;
  }
}
