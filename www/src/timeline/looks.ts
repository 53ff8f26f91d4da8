// What a worker's lane tells apart: its states, and running without the lock.

import type { State } from '../host/index.ts';

export type Look = State | 'unlocked';

/** By code. In this order, from below, a column that has several of them is filled. */
export const LOOKS: readonly Look[] = [
  'running', 'unlocked', 'sending', 'receiving', 'blocked', 'waiting', 'starting', 'idle', 'dead',
];

const CODES = new Map(LOOKS.map((look, code) => [look, code]));

export function codeOf(state: State, unlocked: boolean): number {
  return CODES.get(unlocked ? 'unlocked' : state)!;
}

export const RUNNING = codeOf('running', false);
export const WAITING = codeOf('waiting', false);
export const DEAD = codeOf('dead', false);
