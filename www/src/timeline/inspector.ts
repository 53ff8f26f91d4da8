// Which span of a timeline is looked at, and what there is to say of it.

import { moment, seconds } from '../format.ts';
import { STATES } from '../words.ts';
import type { LockRow } from './lock-row.ts';
import { LOOKS } from './looks.ts';
import { NO_TASK, type Row } from './row.ts';
import type { Round } from './round.ts';
import type { View } from './scale.ts';
import type { Spans } from './spans.ts';

/** A span: its lane, counted from the top, and its number there. */
export interface Spot {
  lane: number;
  index: number;
}

/** A span in words and numbers; times are microseconds since the round's start. */
export interface Told {
  who: string;
  what: string;
  start_us: number;
  end_us: number;
  task?: number;
}

/** The lanes of a round from the top: the lock, where there is one, and the workers. */
export function lanesOf({ lock, rows }: Round): readonly Spans[] {
  return lock ? [lock, ...rows] : rows;
}

export function tell(round: Round, spot: Spot): Told {
  const { lock, rows } = round;
  const [start_us, end_us] = extent(round, spot);
  if (lock && spot.lane === 0) return { who: 'the lock', what: ofLock(lock, spot.index), start_us, end_us };
  const worker = spot.lane - (lock ? 1 : 0);
  const row = rows[worker]!;
  const task = row.tasks[spot.index]!;
  return { who: `worker ${worker}`, what: ofWorker(row, spot.index), start_us, end_us, ...(task === NO_TASK ? {} : { task }) };
}

/** "worker 1, waiting: 5.12 ms, from 103.42 ms, task 3". */
export function inWords({ who, what, start_us, end_us, task }: Told): string {
  const when = `${seconds((end_us - start_us) / 1e6)}, from ${moment(start_us / 1e6)}`;
  return `${who}, ${what}: ${when}${task === undefined ? '' : `, task ${task}`}`;
}

function ofWorker(row: Row, index: number): string {
  const look = LOOKS[row.codes[index]!]!;
  return STATES.find(({ state }) => state === look)?.name ?? look;
}

function ofLock(lock: LockRow, index: number): string {
  const holder = lock.holder(index);
  if (holder === undefined) return 'held by nobody';
  return `held by worker ${holder}${lock.forced[index] ? ', which then had to let go' : ''}`;
}

function extent(round: Round, { lane, index }: Spot): [number, number] {
  const spans = lanesOf(round)[lane]!;
  const end_us = round.end_us ?? Infinity;
  const within = (us: number) => Math.min(us, end_us) - round.start_us;
  return [within(spans.at_us[index]!), within(spans.endOf(index, end_us))];
}

/** What a reader looks at in a round whose end is known. */
export class Inspector {
  round: Round | undefined;
  spot: Spot | undefined;

  /** Another round has other spans. */
  follow(round: Round | undefined): void {
    if (round !== this.round) this.spot = undefined;
    this.round = round;
  }

  /** Look at what a lane has at a time since the round's start. */
  look(lane: number, us: number): void {
    this.spot = this.#find(lane, us);
  }

  /** The span that is looked at. */
  get told(): Told | undefined {
    return this.round && this.spot && tell(this.round, this.spot);
  }

  /** Go on to the next span of the lane, or back. */
  step(by: 1 | -1): void {
    const { round, spot } = this;
    if (!round || !spot) return;
    const next = spot.index + by;
    const start_us = lanesOf(round)[spot.lane]!.at_us[next];
    if (start_us !== undefined && start_us < (round.end_us ?? Infinity)) this.spot = { ...spot, index: next };
  }

  /** Go on to the lane below, or above, at the same time. */
  changeLane(by: 1 | -1, view: View): void {
    const { spot, told } = this;
    if (spot && told) this.spot = this.#find(spot.lane + by, this.middle(view) ?? told.start_us) ?? spot;
  }

  /** The middle of what is in view of the span, if any of it is. */
  middle({ from_us, to_us }: View): number | undefined {
    const { told } = this;
    if (!told || told.end_us < from_us || told.start_us > to_us) return undefined;
    return (Math.max(told.start_us, from_us) + Math.min(told.end_us, to_us)) / 2;
  }

  #find(lane: number, us: number): Spot | undefined {
    const spans = this.round && lanesOf(this.round)[lane];
    const at_us = us + (this.round?.start_us ?? 0);
    if (!spans || us < 0 || at_us > (this.round?.end_us ?? Infinity)) return undefined;
    const index = spans.indexAt(at_us);
    return index < 0 ? undefined : { lane, index };
  }
}
