// What the controls hold: an experiment as text fields, checked by the core. A link's fragment holds the same.

import { SLIDERS } from './choices.ts';
import type { Environment } from './environment.ts';
import { FIELDS, type Field, sweeps, texts, type Texts } from './fields.ts';
import type { Core, FieldError, LabInfo, WorkloadInfo } from './host/index.ts';
import { whole, type WholeExperiment } from './whole.ts';

type Fields = [string, string][];

/** The lab of a link that names none. */
export const FIRST_LAB = 'race';

/** Those that every lab has, unless its sweep sets them. */
const ALWAYS: readonly Field[] = ['workload', 'size', 'tasks', 'workers', 'runs', 'model'];
/** Those that have a slider. */
const SLIDES: ReadonlySet<Field> = new Set(SLIDERS.map(({ field }) => field));
/** Those whose least value is told by what the core says to a zero. */
const BOUNDED: readonly Field[] = ['size', 'tasks', 'chunk', 'workers', 'runs', 'switch-interval'];

export function fragmentFields(fragment: string): Fields {
  return [...new URLSearchParams(fragment.replace(/^#/, ''))].filter(([name]) => name !== 'trace');
}

/** The lab that a link names. */
export function labOf(fragment: string): string {
  return fragmentFields(fragment).findLast(([name]) => name === 'lab')?.[1] ?? FIRST_LAB;
}

function fieldError(error: unknown): FieldError {
  if (error && typeof error === 'object' && 'field' in error) return error as FieldError;
  throw error;
}

export class Settings {
  readonly workloads: WorkloadInfo[];
  readonly labs: LabInfo[];
  experiment: WholeExperiment;
  texts: Texts;
  /** Why the controls give no experiment. */
  error?: FieldError;
  /** Why the link gave none; the defaults stand in. */
  linkError?: string;
  /** What each field accepts, in the core's words. */
  bounds: Partial<Record<Field, string>> = {};
  /** The fields that have a control. */
  shown: ReadonlySet<Field> = new Set();
  /** Whether the experiment is the lab's quick one, in all that makes it quick. */
  isQuick = false;
  /** Whether the lab has a quick experiment that differs from its good one. */
  hasQuick = false;

  constructor(
    readonly core: Core,
    readonly environment: Environment,
  ) {
    this.workloads = core.workloads();
    this.labs = core.labs();
    this.experiment = whole(core.fromFields([]));
    this.texts = texts(this.experiment);
    this.#accept(this.experiment);
    this.#derive();
  }

  get workload(): WorkloadInfo {
    return this.workloads.find(({ id }) => id === this.texts.workload)!;
  }

  get lab(): LabInfo {
    return this.labs.find(({ id }) => id === this.experiment.lab)!;
  }

  /** The lab's own experiment on the workload that is chosen. */
  own(quick = false): WholeExperiment {
    const { lab, workload } = this.experiment;
    return whole(this.core.fromFields([['lab', lab], ['workload', workload]], quick));
  }

  /** A field has a control where the lab has something to choose and no point of a sweep sets it. */
  #shows(field: Field, own: WholeExperiment, race: Texts): boolean {
    if (field === 'sweep') return own.sweep.length > 0 || this.experiment.sweep.length > 0;
    // A slider leaves the sweep for one point of the reader's own.
    if (sweeps(this.experiment, field)) return SLIDES.has(field);
    if (ALWAYS.includes(field)) return true;
    if (field === 'seed' || field === 'warmup') return false;
    // An interval matters wherever a lock is waited for.
    if (field === 'switch-interval' && own.models.includes('threads')) return true;
    return sweeps(own, field) || texts(own)[field] !== race[field] || this.texts[field] !== texts(own)[field];
  }

  /** What follows of the texts. */
  #derive(): void {
    const own = this.own();
    const race = texts(whole(this.core.fromFields([['workload', own.workload]])));
    this.shown = new Set(FIELDS.filter((field) => this.#shows(field, own, race)));
    const quick = this.#quickFields();
    this.hasQuick = quick.length > 0;
    this.isQuick = this.hasQuick && quick.every(([field, { quick }]) => this.texts[field] === quick);
  }

  /** Take over what a control says. */
  set(field: Field, text: string): void {
    this.linkError = undefined;
    if (field === 'workload') {
      const { size, tasks } = whole(this.core.fromFields([['lab', this.experiment.lab], ['workload', text]]));
      Object.assign(this.texts, { size: String(size), tasks: String(tasks) });
    }
    if ((field === 'sweep' && text.trim() === '') || sweeps(this.experiment, field)) this.#leaveSweep();
    this.texts[field] = text;
    this.#check();
  }

  /** One point of the reader's own begins as one in the middle. */
  #leaveSweep(): void {
    const { sweep } = this.experiment;
    Object.assign(this.texts, sweep[Math.floor(sweep.length / 2)], { sweep: '' });
  }

  /** In what the quick experiment differs from the good one: both texts. */
  #quickFields(): [Field, { quick: string; good: string }][] {
    const [quick, good] = [texts(this.own(true)), texts(this.own())];
    const differing = FIELDS.filter((field) => quick[field] !== good[field]);
    // A reader who chose one point keeps to it.
    const kept = differing.filter((field) => field !== 'sweep' || this.texts.sweep !== '');
    return kept.map((field) => [field, { quick: quick[field], good: good[field] }]);
  }

  /** Take over the lab's quick experiment, or go back to its good one. */
  setQuick(on: boolean): void {
    this.linkError = undefined;
    for (const [field, { quick, good }] of this.#quickFields()) this.texts[field] = on ? quick : good;
    this.#check();
  }

  /** Take over a link's fragment; the defaults, if it is malformed. */
  follow(fragment: string): void {
    this.linkError = undefined;
    try {
      this.#accept(whole(this.core.fromFields(fragmentFields(fragment))));
    } catch (error) {
      const { field, value, remedy } = fieldError(error);
      this.linkError = `This link's ${field} cannot be “${value}”: ${remedy}. The defaults stand in for all of it.`;
      const known = this.labs.some(({ id }) => id === labOf(fragment));
      this.#accept(whole(this.core.fromFields(known ? [['lab', labOf(fragment)]] : [])));
    }
    this.texts = texts(this.experiment);
    this.#derive();
  }

  /** The fragment that brings back what the controls hold. */
  fragment(experiment = this.experiment): string {
    const fields = this.core.toFields(experiment).filter(([name]) => name !== 'trace' && name !== 'workers');
    // The number of workers is always told, because its default depends on the machine.
    fields.push(['workers', experiment.workers.join(',')]);
    // What every point sets need not be told.
    const told = fields.filter(([name]) => !sweeps(experiment, name));
    return `#${new URLSearchParams(told)}`.replaceAll('%2C', ',');
  }

  #check(): void {
    const kept = this.core.toFields(this.experiment).filter(([name]) => name === 'lab' || name === 'cores');
    try {
      this.#accept(whole(this.core.fromFields([...kept, ...Object.entries(this.texts)])));
    } catch (error) {
      this.error = fieldError(error);
    }
    this.#derive();
  }

  #accept(experiment: WholeExperiment): void {
    this.experiment = experiment;
    this.error = undefined;
    this.#askBounds();
  }

  /** What the core would say to a value that no field accepts. */
  #askBounds(): void {
    const { lab } = this.experiment;
    this.bounds = {};
    for (const field of BOUNDED) {
      try {
        this.core.fromFields([['lab', lab], ...Object.entries({ ...texts(this.experiment), [field]: '0' })]);
      } catch (error) {
        this.bounds[field] = /[\d.]+ to [\d.]+/.exec(fieldError(error).remedy)?.[0];
      }
    }
  }
}
