import type { Experiment } from './host/index.ts';

/** An experiment as the core gives it: only what a caller passes in may leave fields out. */
export type WholeExperiment = Required<Omit<Experiment, 'cores'>> & Pick<Experiment, 'cores'>;

export function whole(experiment: Experiment): WholeExperiment {
  return experiment as WholeExperiment;
}
