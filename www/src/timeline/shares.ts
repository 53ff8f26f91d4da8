// What a worker's time was spent on, from the figures of the report.

import { percent } from '../format.ts';
import type { Model, Run, WorkerFigures } from '../host/index.ts';
import { STATES } from '../words.ts';
import type { Look } from './looks.ts';

/** A smaller share is not worth a word. */
const LEAST = 0.005;

export interface Share {
  look: Look;
  name: string;
  seconds: number;
}

/** Parts of a worker's time within the measured rounds, none of them twice. */
export function sharesOf(worker: WorkerFigures, model: Model): Share[] {
  return STATES.filter(({ state }) => state !== 'starting').map(({ state, name }) => ({
    look: state,
    name: state === 'running' && model === 'threads' ? 'running with the lock' : name,
    seconds: secondsIn(worker, state),
  }));
}

function secondsIn(worker: WorkerFigures, look: Look): number {
  // A report of an earlier version does not tell them apart.
  const unlocked_s = worker.unlocked_s ?? 0;
  if (look === 'unlocked') return unlocked_s;
  if (look === 'running') return worker.running_s - unlocked_s;
  return worker[`${look}_s` as 'idle_s'];
}

/** The larger shares in words, of some workers together: "running 49 %, waiting 51 %". */
export function inShort({ model, elapsed_s }: Run, workers: readonly WorkerFigures[]): string {
  const all = workers.map((worker) => sharesOf(worker, model));
  const whole = measured_s(elapsed_s) * workers.length;
  const together = (all[0] ?? []).map(({ name }, i) => ({ name, share: all.reduce((sum, shares) => sum + shares[i]!.seconds, 0) / whole }));
  const told = together.filter(({ share }) => share >= LEAST);
  return told.map(({ name, share }) => `${name} ${percent(share)}`).join(', ');
}

/** All measured rounds together. */
export function measured_s({ samples }: { samples: number[] }): number {
  return samples.reduce((sum, sample) => sum + sample, 0);
}
