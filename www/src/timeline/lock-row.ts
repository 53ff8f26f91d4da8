import { RUNNING, WAITING } from './looks.ts';
import type { Row } from './row.ts';
import { Spans } from './spans.ts';

/** The code of the time in which nobody holds the lock; that of a worker is its number plus one. */
export const FREE = 0;

/** From taking the lock to letting it go, or to now. */
interface Turn {
  worker: number;
  start_us: number;
  end_us: number | undefined;
  forced: boolean;
}

/** Who holds the lock when, as the workers' rows tell it: whoever runs, unless it has dropped the lock. */
export class LockRow extends Spans {
  /** By span, whether its holder had to let go at a checkpoint. */
  readonly forced: boolean[] = [];
  /** Where the last turn ends; a turn that goes on has no end. */
  #end_us: number | undefined;
  /** By worker, its first span that is not here for good. */
  #next: number[] = [];
  /** What was here for good when the rows were last looked at. */
  #settled: { count: number; forced: boolean; end_us: number };

  constructor(start_us: number) {
    super();
    this.#settled = { count: 0, forced: false, end_us: start_us };
  }

  /** The worker that holds the lock in a span. */
  holder(index: number): number | undefined {
    const code = this.codes[index];
    return code === undefined || code === FREE ? undefined : code - 1;
  }

  /** Who holds it in the last span. */
  get holderNow(): number | undefined {
    return this.holder(this.count - 1);
  }

  /** Take over what is new in the workers' rows. */
  follow(rows: readonly Row[]): void {
    this.#forget();
    const certain_us = Math.min(...rows.map((row) => row.known_us));
    for (;;) {
      const turn = earliest(rows, this.#next);
      if (turn?.end_us === undefined || turn.end_us > certain_us) break;
      this.#take(turn);
      this.#next[turn.worker]!++;
    }
    this.#settled = { count: this.count, forced: this.forced.at(-1) ?? false, end_us: this.#end_us! };
    // The rest may change: another worker's part of it is yet to come.
    const next = [...this.#next];
    for (let turn = earliest(rows, next); turn; turn = earliest(rows, next)) {
      this.#take(turn);
      next[turn.worker]!++;
    }
    if (this.#end_us !== undefined) this.#put(this.#end_us, FREE, false);
  }

  /** Go back to what is here for good. */
  #forget(): void {
    const { count, forced, end_us } = this.#settled;
    this.truncate(count);
    this.forced.length = count;
    if (count > 0) this.forced[count - 1] = forced;
    this.#end_us = end_us;
  }

  #take({ worker, start_us, end_us, forced }: Turn): void {
    const goesOn = start_us === this.#end_us && this.holderNow === worker;
    if (goesOn) this.forced[this.count - 1] = forced;
    else {
      if (this.#end_us !== undefined && this.#end_us < start_us) this.#put(this.#end_us, FREE, false);
      this.#put(start_us, worker + 1, forced);
    }
    this.#end_us = end_us;
  }

  #put(at_us: number, code: number, forced: boolean): void {
    this.append(at_us, code);
    this.forced.push(forced);
  }
}

/** The turn that begins first among those from `next` on; `next` moves over what is no turn. */
function earliest(rows: readonly Row[], next: number[]): Turn | undefined {
  let first: Turn | undefined;
  rows.forEach((row, worker) => {
    let i = next[worker] ?? 0;
    while (i < row.count && row.codes[i] !== RUNNING) i++;
    next[worker] = i;
    const start_us = row.at_us[i];
    if (start_us === undefined || (first && first.start_us <= start_us)) return;
    first = { worker, start_us, end_us: row.at_us[i + 1], forced: row.codes[i + 1] === WAITING };
  });
  return first;
}
