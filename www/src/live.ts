// What is known of a run while it runs: plain data, filled from events, read by the elements.

import type { Event, Model, PlannedRun, Run, RunTrace, State, Transition } from './host/index.ts';
import { type Kind, Round } from './timeline/round.ts';
import { type HostId, hostAbout, workersOf } from './words.ts';

export type Death = Extract<Event, { type: 'death' }>;

/** One model with one number of workers on one host: what a lane shows as one track. */
export class Track {
  readonly model: Model;
  readonly workers: number;
  /** Workers that compute beside those; their rows come last. */
  readonly beside: number;
  /** Why it cannot run here, if it cannot. */
  readonly unavailable: string | undefined;
  round: Round | undefined;
  /** Elapsed time of the round that ended last. */
  elapsed_us?: number;
  /** Against `serial`, in the measured round that ended last. */
  speedup?: number;
  /** All measured rounds, once there is a report. */
  run?: Run;
  /** What the report's trace has of them; the experiment may ask for none. */
  trace?: RunTrace;
  /** Of a worker, in any of its rounds. */
  lastDeath?: Death;
  #states: State[];

  constructor(
    readonly host: HostId,
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

  get hasLock(): boolean {
    return this.model === 'threads';
  }

  /** "2 workers", and where, if that has to be told. */
  name(withHost: boolean): string {
    const beside = this.beside > 0 ? `, and ${this.beside} that ${this.beside === 1 ? 'computes' : 'compute'} beside` : '';
    return `${withHost ? `${hostAbout(this.host)}, ` : ''}${workersOf(this.workers)}${beside}`;
  }

  begin(now_us: number, kind: Kind): void {
    this.round = new Round(now_us, kind, this.#states, this.hasLock);
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

  /** Show a measured round of the trace; without a trace, the last round that was heard of stays. */
  show(round: number): void {
    if (!this.trace) return;
    const window = this.trace.samples[round];
    this.round = window && Round.of(this.trace, window);
  }

  /** A part of a `data-testid`: the first track of a lane has the plain name of its model. */
  id(first: boolean): string {
    return first ? this.model : `${this.model}-${this.host}-${this.workers}`;
  }
}
