// Measures what `decide` needs, by a handful of short experiments in one place.

import type { Costs } from './decide.ts';
import { type Core, type Experiment, type Model, type Report, type Run, type RunOptions, run, runNative } from './host/index.ts';
import type { Place } from './words.ts';

/** Something to measure: an experiment, and what it tells. */
interface Step {
  name: string;
  experiment: Partial<Experiment>;
  read: (report: Report) => Partial<Costs>;
}

const PLAIN: Partial<Experiment> = { lab: 'race', workload: 'sum-of-squares', warmup: 1 };
/** So short that handing out is all there is to measure. */
const TINY = { size: 500, tasks: 400 };
const WAIT = { us: 2_000, tasks: 32 };

const of = ({ runs }: Report, model: Model): Run | undefined => runs.find((run) => run.model === model);

/** What each task cost beside its own work, as a serial worker took it. */
function beside(report: Report, model: Model): number | undefined {
  const [run, serial] = [of(report, model), of(report, 'serial')];
  if (!run || !serial) return undefined;
  return Math.max(0, run.elapsed_s.median - serial.elapsed_s.median) / TINY.tasks;
}

function steps(core: Core, workers: number): Step[] {
  const all: Step[] = [
    {
      name: 'what more cores give',
      experiment: { ...PLAIN, size: 6_000_000, tasks: workers * 2, models: ['serial', 'processes'], workers: [workers], runs: 3 },
      read: ({ host }) => ({ ceiling: host.ceiling[workers] ?? 1 }),
    },
    {
      name: 'what it costs to hand out a task',
      experiment: { ...PLAIN, ...TINY, chunk: 1, models: ['serial', 'threads', 'processes'], workers: [1], runs: 5 },
      read: (report) => ({
        threadTask_s: beside(report, 'threads') ?? 0,
        message_s: beside(report, 'processes') ?? 0,
        ...memory(report),
      }),
    },
    {
      name: 'what it costs to start a worker',
      experiment: { ...PLAIN, size: 1_000, tasks: 6, models: ['threads', 'processes'], workers: [1], dispatch: 'fresh', runs: 1, warmup: 1 },
      read: (report) => ({
        threadStart_s: of(report, 'threads')?.startup_s.median ?? 0,
        processStart_s: of(report, 'processes')?.startup_s.median ?? 0,
      }),
    },
  ];
  const has = (id: string) => core.workloads().some((workload) => workload.id === id);
  if (has('io-wait')) {
    all.push({
      name: 'what it costs to go on while a task waits',
      experiment: { ...PLAIN, workload: 'io-wait', size: WAIT.us, tasks: WAIT.tasks, models: ['event-loop'], workers: [1], runs: 3 },
      read: (report) => {
        const loop = of(report, 'event-loop');
        return loop ? { loopTask_s: Math.max(0, loop.elapsed_s.median - WAIT.us / 1e6) / WAIT.tasks } : {};
      },
    });
  }
  if (core.labs().some(({ id }) => id === 'data')) {
    all.push({ name: 'what it costs to send data', experiment: core.fromFields([['lab', 'data']], true), read: byteCost });
  }
  return all;
}

function memory(report: Report): Partial<Costs> {
  const [threadBytes, processBytes] = (['threads', 'processes'] as const).map((model) => of(report, model)?.memory_bytes?.median);
  return { ...(threadBytes ? { threadBytes } : {}), ...(processBytes ? { processBytes } : {}) };
}

/** Of the processes that sent most. */
function byteCost({ runs }: Report): Partial<Costs> {
  const channels = runs.filter(({ model }) => model === 'processes').flatMap(({ channel }) => channel ?? []);
  const [most] = channels.sort((a, b) => b.bytes - a.bytes);
  return most && most.bytes > 0 ? { byte_s: (most.serialize_s + most.transfer_s) / most.bytes } : {};
}

export interface Measuring {
  signal: AbortSignal;
  /** What is measured now, and how much of all is done. */
  onStep: (name: string, done: number) => void;
}

export async function measureCosts(core: Core, place: Place, cores: number, { signal, onStep }: Measuring): Promise<Costs> {
  const workers = Math.max(2, Math.min(cores, core.maxWorkers, 8));
  const costs: Costs = { workers, ceiling: 1, threadStart_s: 0, processStart_s: 0, threadTask_s: 0, message_s: 0 };
  const all = steps(core, workers);
  const options: RunOptions = { signal };
  for (const [i, { name, experiment, read }] of all.entries()) {
    onStep(name, i / all.length);
    const report = await (place === 'native' ? runNative : run)(experiment, options);
    Object.assign(costs, read(report));
  }
  return costs;
}
