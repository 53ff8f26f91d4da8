// The named text fields of an experiment, as links and sweeps spell them: their names, and values, in words.

import { bytes, count, seconds } from './format.ts';
import type { Point, WholeExperiment } from './whole.ts';

/** Every field of an experiment but the lab, which the menu holds, and the trace, which the page asks for itself. */
export const FIELDS = [
  'workload',
  'size',
  'tasks',
  'chunk',
  'seed',
  'model',
  'workers',
  'runs',
  'warmup',
  'switch-interval',
  'lock-policy',
  'dispatch',
  'channel',
  'start-method',
  'library',
  'primitive',
  'background',
  'shared',
  'memory-budget',
  'fault',
  'fault-times',
  'sweep',
  'cores',
] as const;
export type Field = (typeof FIELDS)[number];
export type Texts = Record<Field, string>;

/** How a point of a sweep is spelled. */
function pointText(point: Point): string {
  return Object.entries(point)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

/** The fields of an experiment as text. */
export function texts(experiment: WholeExperiment): Texts {
  return {
    workload: experiment.workload,
    size: String(experiment.size),
    tasks: String(experiment.tasks),
    chunk: String(experiment.chunk),
    seed: String(experiment.seed),
    model: experiment.models.join(','),
    workers: experiment.workers.join(','),
    runs: String(experiment.runs),
    warmup: String(experiment.warmup),
    // Rounded to a microsecond, so that 0.005 s reads 5.
    'switch-interval': String(Math.round(experiment.switch_interval_s * 1e6) / 1e3),
    'lock-policy': experiment.lock_policy,
    dispatch: experiment.dispatch,
    channel: experiment.channel,
    'start-method': experiment.start_method,
    library: experiment.library,
    primitive: experiment.primitive,
    background: String(experiment.background),
    shared: String(Math.round(experiment.shared * 1e6) / 1e4),
    'memory-budget': String(Math.floor(experiment.memory_budget_bytes / 2 ** 20)),
    fault: experiment.fault,
    'fault-times': String(experiment.fault_times),
    sweep: experiment.sweep.map(pointText).join('; '),
    // Empty: as many as there are.
    cores: experiment.cores === undefined ? '' : String(experiment.cores),
  };
}

/** Whether a sweep sets this field at every point. */
export function sweeps({ sweep }: { sweep: Point[] }, field: string): boolean {
  return sweep.length > 0 && sweep.every((point) => point[field] !== undefined);
}

const NAMES: Record<string, string> = {
  model: 'models',
  'lock-policy': 'lock',
  shared: 'shared part',
  background: 'computing beside them',
};

/** What a field is called in a sentence. */
export function fieldName(field: string): string {
  return NAMES[field] ?? field.replaceAll('-', ' ');
}

/** What a field of a point holds, with its unit: "5,000", "1.00 ms". */
export function valueInWords(field: string, value: string): string {
  const number = Number(value);
  if (value === '' || Number.isNaN(number)) return value.replaceAll(',', ', ');
  if (field === 'switch-interval') return seconds(number / 1e3);
  if (field === 'memory-budget') return bytes(number * 2 ** 20);
  if (field === 'shared') return `${value} %`;
  return count(number);
}

/** Fields as the controls have them: the workload first, what is about measuring last. */
export function inOrder(names: string[]): string[] {
  const rank = (name: string) => (FIELDS as readonly string[]).indexOf(name);
  return names.toSorted((a, b) => rank(a) - rank(b));
}

/** The settings of a point: "size 5,000, chunk 10". */
export function pointInWords(point: Point): string {
  return inOrder(Object.keys(point))
    .map((field) => [field, point[field]!] as const)
    .map(([field, value]) => `${fieldName(field)} ${valueInWords(field, value)}`)
    .join(', ');
}
