import type { RunTrace, State, Transition, Window } from '../host/index.ts';
import { LockRow } from './lock-row.ts';
import { codeOf, DEAD } from './looks.ts';
import { Row } from './row.ts';

/** What a round is: the start of the workers, a warm-up, a sample of the report, or one that was cancelled. */
export type Kind = 'start-up' | 'warm-up' | 'measured' | 'cut-short';

/** One round of one run. */
export class Round {
  rows: Row[];
  /** Where there is a lock. */
  lock?: LockRow;
  end_us?: number;
  /** Whether there is no more to come. */
  #isWhole = false;

  constructor(
    public start_us: number,
    public kind: Kind,
    states: State[],
    hasLock: boolean,
  ) {
    this.rows = states.map((state) => {
      const row = new Row();
      row.known_us = start_us;
      // What starting workers do is shown only where the host has told it; nothing is assumed.
      if (kind !== 'start-up') row.add({ at_us: start_us, state, unlocked: false });
      return row;
    });
    // Starting workers warm up, and take no turns.
    if (hasLock && kind !== 'start-up') this.lock = new LockRow(start_us);
  }

  add(worker: number, transitions: Transition[], now_us: number): void {
    const row = this.rows[worker];
    if (!row) return;
    for (const transition of transitions) row.add(transition);
    row.known_us = now_us;
  }

  /** Bring the lock's row up to date. */
  followLock(): void {
    if (!this.#isWhole) this.lock?.follow(this.rows);
  }

  /** End what was not ended: a start-up, which has no end of its own, or a round that was cut short. */
  close(now_us: number): void {
    if (this.end_us !== undefined) return;
    this.end_us = now_us;
    if (this.kind !== 'start-up') this.kind = 'cut-short';
  }

  /** A measured round as the report's trace has it. */
  static of({ tracks, model }: RunTrace, window: Window): Round {
    const round = new Round(window.start_us, 'measured', [], model === 'threads');
    round.end_us = window.end_us;
    round.rows = tracks.map(({ spans }) => {
      const row = new Row();
      row.known_us = window.end_us;
      let last_us = window.start_us;
      for (const { state, start_us, end_us, task, unlocked } of spans) {
        if (end_us <= window.start_us) continue;
        if (start_us >= window.end_us) break;
        const at_us = Math.max(start_us, window.start_us);
        // Before the life of a worker, and between it and that of the next one in its place.
        if (at_us > last_us) row.put(last_us, DEAD);
        row.put(at_us, codeOf(state, unlocked ?? false), task);
        last_us = end_us;
      }
      if (last_us < window.end_us) row.put(last_us, DEAD);
      return row;
    });
    round.followLock();
    round.#isWhole = true;
    return round;
  }
}
