// Which runs an experiment asks for, point by point. The host says so too, once it runs.

import type { Model, PlannedRun } from './host/index.ts';
import { Track } from './live.ts';
import type { Point, WholeExperiment } from './whole.ts';
import type { HostId } from './words.ts';

const ALONE: readonly Model[] = ['serial', 'event-loop'];

function runsAt(experiment: WholeExperiment, point: Point): PlannedRun[] {
  const models = (point.model?.split(',') as Model[] | undefined) ?? experiment.models;
  const workers = point.workers?.split(',').map(Number) ?? experiment.workers;
  const background = Number(point.background ?? experiment.background);
  return models.flatMap((model) => {
    const beside = model === 'threads' || model === 'processes' ? background : 0;
    return (ALONE.includes(model) ? [1] : workers).map((workers) => ({ model, workers, beside }));
  });
}

/** The tracks of an experiment that has not run. */
export function plannedTracks(experiment: WholeExperiment, host: HostId): Track[] {
  const points = experiment.sweep.length > 0 ? experiment.sweep : [{}];
  return points.flatMap((point, i) => runsAt(experiment, point).map((planned) => new Track(host, planned, i)));
}

/** The tracks of the runs that a host says it will make. */
export function tracksOf(runs: PlannedRun[], { sweep }: WholeExperiment, host: HostId): Track[] {
  const points = sweep.map((point) => JSON.stringify(point));
  return runs.map((run) => new Track(host, run, run.point ? Math.max(0, points.indexOf(JSON.stringify(run.point))) : 0));
}
