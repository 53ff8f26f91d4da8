import type { Experiment } from './host/index.ts';

/** A point of a sweep: the fields that differ there, as text. */
export type Point = Record<string, string>;

/** An experiment as the core gives it: only what a caller passes in may leave fields out. */
export type WholeExperiment = Required<Omit<Experiment, 'cores' | 'sweep'>> & Pick<Experiment, 'cores'> & { sweep: Point[] };

export function whole(experiment: Experiment): WholeExperiment {
  return experiment as WholeExperiment;
}
