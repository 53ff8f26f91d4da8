// What is known of a run while it runs: plain data, filled from events, read by the elements.

import type { Model, PlannedRun, Run, RunTrace, State, Transition } from './host/index.ts';
import type { Place } from './words.ts';

/** What one worker did in a round. Its last state holds until now. */
export interface Row {
  at_us: number[];
  states: State[];
  /** Everything before this is certain; from here to now, the last state is assumed. */
  known_us: number;
}

/** What a round is: the start of the workers, a warm-up, a sample of the report, or one that was cancelled. */
export type Kind = 'start-up' | 'warm-up' | 'measured' | 'cut-short';

/** One round of one run. */
export class Round {
  rows: Row[];
  end_us?: number;

  constructor(
    public start_us: number,
    public kind: Kind,
    states: State[],
  ) {
    this.rows = states.map((state) => ({ at_us: [start_us], states: [state], known_us: start_us }));
  }

  add(worker: number, transitions: Transition[], now_us: number): void {
    const row = this.rows[worker];
    if (!row) return;
    for (const { at_us, state } of transitions) {
      row.at_us.push(at_us);
      row.states.push(state);
    }
    row.known_us = now_us;
  }

  /** End what was not ended: a start-up, which has no end of its own, or a round that was cut short. */
  close(now_us: number): void {
    if (this.end_us !== undefined) return;
    this.end_us = now_us;
    if (this.kind !== 'start-up') this.kind = 'cut-short';
  }

  /** A round as the report's trace has it. */
  static last(trace: RunTrace): Round | undefined {
    const window = trace.samples.at(-1);
    if (!window) return undefined;
    const round = new Round(window.start_us, 'measured', []);
    round.end_us = window.end_us;
    round.rows = trace.tracks.map(({ spans }) => {
      const within = spans.filter((span) => span.end_us > window.start_us && span.start_us < window.end_us);
      return {
        at_us: within.map((span) => span.start_us),
        states: within.map((span) => span.state),
        known_us: window.end_us,
      };
    });
    return round;
  }
}

/** One model with one number of workers in one place: what a lane shows as one track. */
export class Track {
  readonly model: Model;
  readonly workers: number;
  /** Workers that compute beside those; their rows come last. */
  readonly beside: number;
  /** Why it cannot run here, if it cannot. */
  readonly unavailable: string | undefined;
  round?: Round;
  /** Elapsed time of the round that ended last. */
  elapsed_us?: number;
  /** Against `serial`, in the measured round that ended last. */
  speedup?: number;
  /** All measured rounds, once there is a report. */
  run?: Run;
  #states: State[];

  constructor(
    readonly place: Place,
    planned: PlannedRun,
    /** Of the sweep, counted from 0; 0 where there is none. */
    readonly point = 0,
  ) {
    this.model = planned.model;
    this.workers = planned.workers;
    this.beside = planned.beside;
    this.unavailable = planned.unavailable;
    this.#states = Array.from({ length: this.rows }, () => 'idle');
  }

  /** Rows of its timeline. */
  get rows(): number {
    return this.workers + this.beside;
  }

  begin(now_us: number, kind: Kind): void {
    this.round = new Round(now_us, kind, this.#states);
    // What starting workers do is drawn only where the host has told it; nothing is assumed.
    if (kind === 'start-up') for (const row of this.round.rows) row.at_us.length = row.states.length = 0;
  }

  add(worker: number, transitions: Transition[], now_us: number): void {
    this.#states[worker] = transitions.at(-1)?.state ?? this.#states[worker] ?? 'idle';
    this.round?.add(worker, transitions, now_us);
  }

  end(start_us: number, end_us: number, speedup: number | undefined): void {
    if (!this.round) return;
    this.round.start_us = start_us;
    this.round.end_us = end_us;
    this.elapsed_us = end_us - start_us;
    if (this.round.kind === 'measured') this.speedup = speedup;
  }

  /** A part of a `data-testid`: the first track of a lane has the plain name of its model. */
  id(first: boolean): string {
    return first ? this.model : `${this.model}-${this.place}-${this.workers}`;
  }
}
