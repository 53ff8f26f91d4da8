// What the controls of an experiment's fields are called, and what they can be set to.

import type { Field } from './fields.ts';

/** A field that takes a number, or several. */
export interface NumberField {
  field: Field;
  label: string;
  about: string;
  /** After the number. */
  unit?: string;
}

export const NUMBERS: readonly NumberField[] = [
  { field: 'size', label: 'size', about: '' },
  { field: 'tasks', label: 'tasks', about: 'in each round' },
  { field: 'chunk', label: 'chunk', about: 'tasks in one message' },
  { field: 'workers', label: 'workers', about: 'at once' },
  { field: 'background', label: 'beside them', about: 'workers that only compute' },
  { field: 'memory-budget', label: 'memory budget', about: 'MiB for all workers together' },
  { field: 'runs', label: 'rounds', about: 'measured, after a warm-up' },
];

/** A field that takes one of a few names. */
export interface NameField {
  field: Field;
  label: string;
  names: readonly (readonly [name: string, about: string])[];
}

export const NAMES: readonly NameField[] = [
  {
    field: 'dispatch',
    label: 'tasks come',
    names: [
      ['batch', 'all at once, to workers that are ready'],
      ['warm', 'one request at a time, to workers that are ready'],
      ['fresh', 'one request at a time, each to a new worker'],
    ],
  },
  {
    field: 'lock-policy',
    label: 'the lock',
    names: [
      ['switch-interval', 'today’s: a waiter asks after a switch interval'],
      ['ticks', 'before Python 3.2: dropped every 100 ticks'],
    ],
  },
];

/** A field that has a slider beside its number. */
export interface SliderField extends NumberField {
  unit: string;
  steps: number;
  toText: (step: number) => string;
  toStep: (value: number) => number;
}

/** The slider's range of the switch interval in milliseconds; the number field takes all that the core takes. */
const [SHORTEST_MS, LONGEST_MS] = [0.1, 100];
const INTERVAL_STEPS = 60;

export const SLIDERS: readonly SliderField[] = [
  {
    field: 'switch-interval',
    label: 'switch interval',
    about: 'how long a waiting worker waits before it asks for the lock; Python: 5 ms',
    unit: 'ms',
    steps: INTERVAL_STEPS,
    // Logarithmic, with two digits.
    toText: (step) => {
      const ms = SHORTEST_MS * (LONGEST_MS / SHORTEST_MS) ** (step / INTERVAL_STEPS);
      return String(Number(ms.toPrecision(2)));
    },
    toStep: (ms) =>
      ms > 0 ? Math.round((Math.log(ms / SHORTEST_MS) / Math.log(LONGEST_MS / SHORTEST_MS)) * INTERVAL_STEPS) : 0,
  },
  {
    field: 'shared',
    label: 'shared part',
    about: 'of the work on one object that all share; the rest is on private ones',
    unit: '%',
    steps: 20,
    toText: (step) => String(step * 5),
    toStep: (percent) => Math.round(percent / 5),
  },
];
