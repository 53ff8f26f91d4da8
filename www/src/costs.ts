// Runs what the core names to learn the costs of this machine.

import { type Analysis, type Costs, type Report, runIn } from './host/index.ts';
import type { HostId } from './words.ts';

export interface Measuring {
  signal: AbortSignal;
  /** What is measured now, and how much of all is done. */
  onStep: (name: string, done: number) => void;
}

export async function measureCosts(analysis: Analysis, host: HostId, { signal, onStep }: Measuring): Promise<Costs> {
  const all = analysis.costExperiments();
  const reports: Report[] = [];
  for (const [i, { name, experiment }] of all.entries()) {
    onStep(name, i / all.length);
    reports.push(await runIn(host, experiment, { signal }));
  }
  return analysis.costsOf(reports);
}
