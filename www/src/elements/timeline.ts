import { html, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Track } from '../live.ts';
import type { Measurement } from '../measurement.ts';
import { heightOf, laneBoxes } from '../timeline/geometry.ts';
import { Gestures } from '../timeline/gestures.ts';
import { inWords, Inspector } from '../timeline/inspector.ts';
import { moveByKey } from '../timeline/keys.ts';
import { placeMarker } from '../timeline/marker.ts';
import { Painter } from '../timeline/painter.ts';
import type { Round } from '../timeline/round.ts';
import { live, PageElement } from './page-element.ts';
import './lane-names.ts';

/** Who holds the lock is told no more often, so that it can be read. */
const TOLD_MS = 250;

/** The lanes of one round: the lock's and the workers'. A pointer or the keys ask it what was when. */
@customElement('gs-timeline')
export class Timeline extends PageElement {
  @live() measurement!: Measurement;
  @live() track!: Track;
  /** The part of its test hooks that tells it from others. */
  @property() hook = '';
  /** All that it shows, in words. */
  @property() label = '';

  @query('canvas') private canvas!: HTMLCanvasElement;
  @query('.spot') private marker!: HTMLElement;
  @query('output') private line!: HTMLElement;
  #painter?: Painter;
  #isLaidOut = false;
  #sizes = new ResizeObserver(() => this.layout());
  #unwatch?: () => void;
  /** Which lanes it is laid out for. */
  #lanes = '';
  #isAsked = false;
  #told = 0;
  readonly #inspector = new Inspector();

  get #scale() {
    return this.measurement.scale;
  }

  get #boxes() {
    return laneBoxes(this.track.rows, this.track.hasLock);
  }

  /** A round whose end is known can be asked. */
  get #round(): Round | undefined {
    return this.track.round?.end_us === undefined ? undefined : this.track.round;
  }

  /** Draw what is new; called while this track's round is being measured. */
  frame(now_us: number): void {
    this.#paint(now_us);
    if (performance.now() - this.#told < TOLD_MS) return;
    this.#told = performance.now();
    this.#tell(this.#holder());
  }

  /** Take over size and colours. */
  layout = () => {
    this.#isLaidOut = false;
    this.#paint();
  };

  #paint(now_us = this.measurement.now_us()): void {
    // Before the first round there is nothing to paint, and nothing to prepare.
    if (!this.track.round && !this.#painter) return;
    this.#painter ??= new Painter(this.canvas);
    if (!this.#isLaidOut) this.#painter.layout(this.track);
    this.#isLaidOut = true;
    this.#painter.frame(this.track.round, now_us, this.#scale.view);
  }

  /** The reader has moved the view: paint once before the next frame, however often. */
  readonly #moved = () => {
    if (this.#isAsked) return;
    this.#isAsked = true;
    requestAnimationFrame(() => {
      this.#isAsked = false;
      if (!this.isConnected) return;
      this.#paint();
      this.#place();
    });
  };

  constructor() {
    super();
    this.hear('gs-theme', this.layout);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // An element that wakes up in the page has its properties only when it is rendered.
    if (this.hasUpdated) this.#watch();
  }

  override disconnectedCallback(): void {
    this.#unwatch?.();
    this.#sizes.disconnect();
    super.disconnectedCallback();
  }

  protected override firstUpdated(): void {
    new Gestures(this.canvas, () => this.#scale, {
      at: (x, y) => this.#point(x, y),
      gone: () => this.#leave(),
    });
    this.#watch();
  }

  #watch(): void {
    this.#unwatch = this.#scale.watch(this.#moved);
    this.#sizes.observe(this.canvas);
  }

  protected override updated(): void {
    const lanes = `${this.track.model}, ${this.track.rows}`;
    if (this.#lanes !== lanes) {
      this.#lanes = lanes;
      this.canvas.style.setProperty('height', `${heightOf(this.#boxes)}px`);
      this.#isLaidOut = false;
    }
    this.#paint();
    const before = this.#inspector.round;
    this.#inspector.follow(this.#round);
    if (before === this.#round) this.#place();
    else this.#say('off');
  }

  /** Who holds the lock now, while that is known. */
  #holder(): string {
    const { round } = this.track;
    if (!round?.lock || round.end_us !== undefined) return '';
    const holder = round.lock.holderNow;
    return holder === undefined ? 'nobody holds the lock' : `worker ${holder} holds the lock`;
  }

  #point(x: number, y: number): void {
    const us = this.#scale.view.from_us + (x / this.canvas.clientWidth) * this.#scale.span_us;
    this.#inspector.look(
      this.#boxes.findIndex(({ top, height }) => y < top + height),
      us,
    );
    this.#say('off');
  }

  #leave(): void {
    if (document.activeElement === this.canvas) return;
    this.#inspector.spot = undefined;
    this.#say('off');
  }

  #focus(): void {
    if (this.#inspector.spot) return;
    this.#inspector.look(0, this.#scale.view.from_us);
    this.#say('polite');
  }

  #press(event: KeyboardEvent): void {
    this.#focus();
    const moved = moveByKey(event, this.#scale, this.#inspector);
    if (!moved) return;
    event.preventDefault();
    if (moved === 'view') return;
    this.#say('polite');
    const { told } = this.#inspector;
    if (told) this.#scale.reveal(told.start_us, told.end_us);
  }

  /** Say what is looked at; aloud, if it was reached by keys. */
  #say(aloud: 'polite' | 'off'): void {
    const { told } = this.#inspector;
    this.line.ariaLive = aloud;
    this.#tell(told ? inWords(told) : this.#holder());
    this.#place();
  }

  #tell(text: string): void {
    if (this.line.textContent !== text) this.line.textContent = text;
  }

  #place(): void {
    const { told, spot } = this.#inspector;
    this.marker.hidden = !told;
    if (told && spot) placeMarker(this.marker, told, this.#boxes[spot.lane]!, this.#scale.view);
  }

  /** Why there is nothing to see. */
  #hint() {
    const { phase, reports } = this.measurement;
    if (this.track.round || phase === 'running') return nothing;
    return html`<span class="hint">${reports.size > 0 ? 'not measured in this round' : 'nothing measured yet'}</span>`;
  }

  protected override render() {
    const { track, hook } = this;
    const known = this.#round !== undefined;
    return html`<div class="timeline">
        <gs-lane-names rows=${track.rows} ?locked=${track.hasLock}></gs-lane-names>
        <div class="pane">
          <canvas
            data-testid="timeline-${hook}"
            role=${known ? 'application' : 'img'}
            tabindex=${known ? 0 : nothing}
            aria-roledescription=${known ? 'timeline' : nothing}
            aria-describedby=${known ? 'help-timeline' : nothing}
            aria-label=${this.label}
            @keydown=${this.#press}
            @focus=${this.#focus}
            @blur=${this.#leave}
          ></canvas>
          <span class="spot" hidden></span>
          ${this.#hint()}
        </div>
      </div>
      <output class="told" data-testid="told-${hook}" aria-live="off"></output>`;
  }
}
