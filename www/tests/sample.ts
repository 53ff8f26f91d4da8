// A small report as the core makes it, for tests that change what they are about.

import type { Report, Run, Summary, WorkerFigures } from '../src/host/index.ts';
import type { WholeExperiment } from '../src/whole.ts';

export function summary(median: number, ci95?: [number, number]): Summary {
  const samples = [median * 1.5, median, median * 0.5];
  return { samples, median, min: median * 0.5, max: median * 1.5, ...(ci95 && { ci95 }) };
}

export function figures(of: Partial<WorkerFigures> = {}): WorkerFigures {
  return {
    id: 0,
    tasks: 4,
    starting_s: 0,
    running_s: 0,
    unlocked_s: 0,
    waiting_s: 0,
    blocked_s: 0,
    sending_s: 0,
    receiving_s: 0,
    idle_s: 0,
    dead_s: 0,
    faults: 0,
    ...of,
  };
}

export function run(of: Partial<Run> = {}): Run {
  return {
    model: 'threads',
    workers: 2,
    elapsed_s: summary(2),
    startup_s: summary(0.001),
    per_worker: [figures(), figures({ id: 1 })],
    answer: '42',
    deaths: [],
    warnings: [],
    ...of,
  } as Run;
}

export function experiment(of: Partial<WholeExperiment> = {}): WholeExperiment {
  return {
    lab: 'race',
    workload: 'sum-of-squares',
    size: 1000,
    tasks: 8,
    chunk: 1,
    seed: 1,
    models: ['serial', 'threads'],
    workers: [2],
    runs: 3,
    warmup: 1,
    switch_interval_s: 0.005,
    lock_policy: 'switch-interval',
    dispatch: 'batch',
    channel: 'message',
    start_method: 'spawn',
    library: 'standard',
    primitive: 'lock',
    background: 0,
    shared: 0,
    memory_budget_bytes: 2 ** 30,
    fault: 'none',
    fault_times: 1,
    sweep: [],
    trace: false,
    ...of,
  };
}

export function report(of: Partial<Report> = {}): Report {
  return {
    schema: 'gilscope.report/1',
    version: '0.1.0',
    measured_unix_s: 1_700_000_000,
    host: { kind: 'browser', engine: 'Chromium 150', os: 'Linux', logical_cores: 4, isolated: true, ceiling: {} },
    experiment: experiment(),
    runs: [run()],
    warnings: [],
    charts: [],
    ...of,
  } as Report;
}
