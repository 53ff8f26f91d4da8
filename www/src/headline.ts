// The main figure of a report, for a list of many.

import { ratio } from './format.ts';
import type { Report } from './host/index.ts';

/** Speed-ups with the most workers, or what the lab says. */
export function headline({ runs, verdict, experiment }: Report): string {
  const most = Math.max(...runs.map(({ workers }) => workers));
  const figures = runs.flatMap(({ model, workers, speedup }) =>
    speedup && model !== 'serial' && (workers === most || model === 'event-loop') ? [`${model} ${ratio(speedup.median)}`] : [],
  );
  const isSwept = (experiment.sweep ?? []).length > 0;
  if (!isSwept && figures.length > 0) return figures.join(', ');
  // Reports of before there were three outcomes tell whether the claim held.
  if (verdict) return (verdict.outcome ?? (verdict.holds ? 'confirmed' : 'refuted')).replaceAll('-', ' ');
  return isSwept ? `${experiment.sweep!.length} points` : 'no speed-up: serial did not run';
}
