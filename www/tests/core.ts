// A core for tests of the page: four labs, the rules of a few fields, and texts as the real one spells them.

import { FIELDS, type Field, texts, type Texts } from '../src/fields.ts';
import type { Core, Experiment, FieldError } from '../src/host/index.ts';
import { type Point, whole, type WholeExperiment } from '../src/whole.ts';
import { experiment } from './sample.ts';

const QUICK: Partial<WholeExperiment> = { runs: 1 };
const SWEEP: Point[] = [1, 5, 100].map((ms) => ({ 'switch-interval': String(ms) }));

const LABS: Record<string, Partial<WholeExperiment>> = {
  race: { models: ['serial', 'threads', 'processes'], runs: 5 },
  // A sweep, which is shorter when quick.
  convoy: { models: ['serial', 'threads'], background: 1, runs: 5, sweep: SWEEP },
  channel: { models: ['serial', 'processes'], channel: 'transfer', runs: 1 },
  chunks: { models: ['serial', 'processes'], runs: 5, sweep: [{ chunk: '1' }, { chunk: '10' }] },
};
const WORKLOADS: Record<string, { size: number; tasks: number }> = {
  'sum-of-squares': { size: 1000, tasks: 8 },
  mandelbrot: { size: 512, tasks: 64 },
};

function wrong(field: string, value: string, remedy: string): never {
  throw { field, value, remedy } satisfies FieldError;
}

function number(field: string, value: string, most = 1e9): number {
  const number = Number(value);
  return value !== '' && Number.isInteger(number) && number >= 1 && number <= most ? number : wrong(field, value, `use 1 to ${most}`);
}

function points(value: string): Point[] {
  const all = value.split(';').map((point) => point.trim());
  return all.filter(Boolean).map((point) => Object.fromEntries(point.split(' ').map((pair) => pair.split('=') as [string, string])));
}

const SETTERS: Partial<Record<Field, (value: string) => Partial<WholeExperiment>>> = {
  size: (value) => ({ size: number('size', value) }),
  tasks: (value) => ({ tasks: number('tasks', value) }),
  chunk: (value) => ({ chunk: number('chunk', value) }),
  seed: (value) => ({ seed: number('seed', value) }),
  runs: (value) => ({ runs: number('runs', value) }),
  workers: (value) => ({ workers: value.split(',').map((text) => number('workers', text, 32)) }),
  model: (value) => ({ models: value === '' ? wrong('model', value, 'name one') : (value.split(',') as WholeExperiment['models']) }),
  channel: (value) => ({ channel: value as WholeExperiment['channel'] }),
  background: (value) => ({ background: Number(value) }),
  'switch-interval': (value) => ({ switch_interval_s: Number(value) / 1e3 }),
  sweep: (value) => ({ sweep: points(value) }),
  cores: (value) => ({ cores: number('cores', value) }),
};

function fromFields(fields: [string, string][], quick = false): Experiment {
  const given = Object.fromEntries(fields) as Partial<Texts> & { lab?: string };
  const { lab = 'race', workload = 'sum-of-squares' } = given;
  const own = LABS[lab] ?? wrong('lab', lab, 'name a lab');
  const sizes = WORKLOADS[workload] ?? wrong('workload', workload, 'name a workload');
  const shorter = own.sweep ? { sweep: own.sweep.slice(0, 2) } : {};
  const all = experiment({ lab, workload, ...sizes, ...own, ...(quick && { ...QUICK, ...shorter }) });
  for (const field of FIELDS) {
    const [set, value] = [SETTERS[field], given[field]];
    if (set && value !== undefined) Object.assign(all, set(value));
  }
  return all as unknown as Experiment;
}

function toFields(of: Experiment): [string, string][] {
  const [own, all] = [texts(whole(fromFields([['lab', whole(of).lab]]))), texts(whole(of))];
  const changed = FIELDS.filter((field) => all[field] !== own[field]);
  return [...(whole(of).lab === 'race' ? [] : [['lab', whole(of).lab] as [string, string]]), ...changed.map((field): [string, string] => [field, all[field]])];
}

export const core = {
  workloads: () => Object.entries(WORKLOADS).map(([id, { size, tasks }]) => ({ id, default_size: size, default_tasks: tasks })),
  labs: () => Object.keys(LABS).map((id) => ({ id, question: `What about ${id}?` })),
  presets: () => [],
  fromFields,
  toFields,
  fieldFacts: () => FIELDS.map((field) => ({ field })),
  maxWorkers: 32,
  unsharedReason: undefined,
} as unknown as Core;
