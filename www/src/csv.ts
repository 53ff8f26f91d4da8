// A report as CSV (RFC 4180): one line a run, in seconds, bytes and plain ratios, with the settings of its point.

import type { Report, Run, Summary } from './host/index.ts';
import type { Point } from './whole.ts';

type Cell = string | number | undefined;

const summary = (name: string, of: Summary | undefined): [string, Cell][] => [
  [name, of?.median],
  [`${name}_ci95_low`, of?.ci95?.[0]],
  [`${name}_ci95_high`, of?.ci95?.[1]],
];

function cells({ host, experiment }: Report, run: Run): [string, Cell][] {
  const { task_s, lock, channel } = run;
  return [
    ['lab', experiment.lab],
    ['host', host.kind],
    ['engine', host.engine],
    ['workload', experiment.workload],
    ['size', experiment.size],
    ['tasks', experiment.tasks],
    ['chunk', experiment.chunk],
    ['model', run.model],
    ['workers', run.workers],
    ['rounds', run.elapsed_s.samples.length],
    ...summary('elapsed_s', run.elapsed_s),
    ...summary('speedup', run.speedup),
    ['efficiency', run.efficiency],
    ...summary('startup_s', run.startup_s),
    ...summary('first_s', run.first_s),
    ['task_p50_s', task_s?.p50],
    ['task_p99_s', task_s?.p99],
    ...summary('memory_bytes', run.memory_bytes),
    ...summary('rss_bytes', run.rss_bytes),
    ['forced_switches', lock?.forced_switches],
    ['messages', channel?.messages],
    ['message_bytes', channel?.bytes],
    ['answer', run.answer],
  ];
}

function quoted(cell: Cell): string {
  const text = String(cell ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What the point sets takes the place of what the experiment says. */
function atPoint(all: [string, Cell][], point: Point | undefined): Map<string, Cell> {
  const run = new Map(all);
  for (const [field, value] of Object.entries(point ?? {})) {
    // A run has its own one model and number of workers.
    if (field !== 'model' && field !== 'workers') run.set(field, value);
  }
  return run;
}

export function csv(report: Report): string {
  const sweep = (report.experiment.sweep ?? []) as Point[];
  const runs = report.runs.map((run) => atPoint(cells(report, run), run.point === undefined ? undefined : sweep[run.point]));
  const heads = [...new Set(runs.flatMap((run) => [...run.keys()]))];
  const lines = runs.map((run) => heads.map((head) => quoted(run.get(head))).join(','));
  return [heads.join(','), ...lines, ''].join('\r\n');
}
