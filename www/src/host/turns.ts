// Two runs never measure at the same time: they take turns.

/** The right to measure, of which an origin has one. */
const TURN = 'gilscope-run';

export interface Waiting {
  /** Ends the wait; what is measured already it does not touch. */
  signal?: AbortSignal;
  /** Another run has its turn. */
  onQueued?: () => void;
}

/** Asks for the turn; resolves, once it has come, with what gives it back. */
export type Usher = (waiting: Waiting) => Promise<() => void>;

let usher: Usher | undefined;

/** The page around a frame knows of all its frames. */
export function letAskForTurns(of: Usher): void {
  usher = of;
}

/**
 * Web Locks queue the tabs and frames of an origin. Firefox gives none to the frame of another site, nor does Chromium
 * where such frames get no storage: there the page around queues its frames. Else nothing can be queued.
 */
export async function alone<T>(waiting: Waiting, body: () => Promise<T>): Promise<T> {
  if (await hasLocks()) return byLock(waiting, body);
  const giveBack = await usher?.(waiting);
  return body().finally(giveBack);
}

async function hasLocks(): Promise<boolean> {
  // There are none in an insecure page.
  const query = navigator.locks?.query();
  return (await query?.catch(() => undefined)) !== undefined;
}

async function byLock<T>({ signal, onQueued }: Waiting, body: () => Promise<T>): Promise<T> {
  const { locks } = navigator;
  const free = await locks.request(TURN, { ifAvailable: true }, async (turn) => turn && { answer: await body() });
  if (free) return free.answer;
  onQueued?.();
  return locks.request(TURN, signal ? { signal } : {}, body) as Promise<T>;
}
