import type { Transition } from '../host/index.ts';
import { codeOf } from './looks.ts';
import { Spans } from './spans.ts';

/** What a span without a task has for one. */
export const NO_TASK = -1;

/** What one worker did in a round; a code is an index of LOOKS. */
export class Row extends Spans {
  /** By span, the task that the worker was at. */
  readonly tasks: number[] = [];
  /** Everything before this is certain; from here to now, the last span is assumed. */
  known_us = 0;

  add({ at_us, state, unlocked, task }: Omit<Transition, 'work'>): void {
    this.put(at_us, codeOf(state, unlocked ?? false), task);
  }

  put(at_us: number, code: number, task = NO_TASK): void {
    // What took no time that the clock can tell is no span.
    if (this.at_us.at(-1) === at_us) this.clear(this.count - 1);
    this.append(at_us, code);
    this.tasks.push(task);
  }

  /** Keep only the first spans. */
  clear(count = 0): void {
    this.truncate(count);
    this.tasks.length = count;
  }
}
