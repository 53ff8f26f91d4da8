// What the controls hold: an experiment as text fields, checked by the core. A link's fragment holds the same.

import type { Environment } from './environment.ts';
import { FIELDS, type Field, sweeps, texts, type Texts } from './fields.ts';
import type { Core, FieldError, FieldFacts, LabInfo, PresetInfo, WorkloadInfo } from './host/index.ts';
import { SLIDERS } from './sliders.ts';
import { whole, type WholeExperiment } from './whole.ts';

type Fields = [string, string][];

/** The lab of a link that names none. */
export const FIRST_LAB = 'race';

/** Those that every lab has among its own controls, unless its sweep sets them. */
const ALWAYS: readonly Field[] = ['workload', 'size', 'tasks', 'workers', 'runs', 'model'];

export function fragmentFields(fragment: string): Fields {
  return [...new URLSearchParams(fragment.replace(/^#/, ''))].filter(([name]) => name !== 'trace');
}

/** The lab that a link names. */
export function labOf(fragment: string): string {
  return fragmentFields(fragment).findLast(([name]) => name === 'lab')?.[1] ?? FIRST_LAB;
}

/** Whether this version knows what a link calls so. */
function isField(name: string): boolean {
  return name === 'lab' || (FIELDS as readonly string[]).includes(name);
}

function fieldError(error: unknown): FieldError {
  if (error && typeof error === 'object' && 'field' in error) return error as FieldError;
  throw error;
}

export class Settings {
  readonly workloads: WorkloadInfo[];
  readonly labs: LabInfo[];
  readonly presets: PresetInfo[];
  experiment!: WholeExperiment;
  texts!: Texts;
  /** Why the controls give no experiment. */
  error?: FieldError;
  /** Why the link gave none; the defaults stand in. */
  linkError?: string;
  /** Fields of the link that this version does not know; the rest of it is used. */
  linkUnknown: string[] = [];
  /** What each field accepts and whether it acts, as the core says. */
  facts: ReadonlyMap<string, FieldFacts> = new Map();
  /** The fields that are the lab's own controls. */
  shown: ReadonlySet<Field> = new Set();
  /** All others, but those that every point sets. */
  others: readonly Field[] = [];
  /** Those of the others that differ from the lab's. */
  changed: readonly Field[] = [];
  /** Whether the experiment is the lab's quick one, in all that makes it quick. */
  isQuick = false;
  /** Whether the lab has a quick experiment that differs from its good one. */
  hasQuick = false;

  constructor(
    readonly core: Core,
    readonly environment: Environment,
    fragment: string,
  ) {
    this.workloads = core.workloads();
    this.labs = core.labs();
    this.presets = core.presets();
    this.follow(fragment);
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

  /**
   * A field is a control of the lab's own where the lab has something to choose and no point of a sweep sets it. What
   * the reader sets does not count: a control would move while it is typed into.
   */
  #shows(field: Field, own: WholeExperiment, differs: boolean): boolean {
    if (field === 'sweep') return own.sweep.length > 0;
    // A slider leaves the sweep for one point of the reader's own.
    if (sweeps(this.experiment, field)) return field in SLIDERS;
    if (ALWAYS.includes(field)) return true;
    if (field === 'seed' || field === 'warmup') return false;
    // An interval matters wherever a lock is waited for.
    if (field === 'switch-interval' && own.models.includes('threads')) return true;
    return differs || sweeps(own, field);
  }

  /** What follows of the texts. */
  #derive(): void {
    const own = this.own();
    const [good, race] = [texts(own), texts(whole(this.core.fromFields([['workload', own.workload]])))];
    this.shown = new Set(FIELDS.filter((field) => this.#shows(field, own, good[field] !== race[field])));
    this.others = FIELDS.filter((field) => !this.shown.has(field) && !sweeps(this.experiment, field));
    this.changed = this.others.filter((field) => this.texts[field] !== good[field]);
    const quick = this.#quickFields(good);
    this.hasQuick = quick.length > 0;
    this.isQuick = this.hasQuick && quick.every(([field, { quick }]) => this.texts[field] === quick);
  }

  /** Take over what a control says. */
  set(field: Field, text: string): void {
    this.forgetLink();
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
  #quickFields(good = texts(this.own())): [Field, { quick: string; good: string }][] {
    const quick = texts(this.own(true));
    const differing = FIELDS.filter((field) => quick[field] !== good[field]);
    // A reader who chose one point keeps to it.
    const kept = differing.filter((field) => field !== 'sweep' || this.texts.sweep !== '');
    return kept.map((field) => [field, { quick: quick[field], good: good[field] }]);
  }

  /** Take over the lab's quick experiment, or go back to its good one. */
  setQuick(on: boolean): void {
    this.forgetLink();
    for (const [field, { quick, good }] of this.#quickFields()) this.texts[field] = on ? quick : good;
    this.#check();
  }

  /** From here on the experiment is the reader's, whatever was wrong with the link. */
  forgetLink(): void {
    this.linkError = undefined;
    this.linkUnknown = [];
  }

  /** Take over a link's fragment: what this version knows of it; the defaults, if that is malformed. */
  follow(fragment: string): void {
    this.forgetLink();
    const fields = fragmentFields(fragment);
    this.linkUnknown = fields.map(([name]) => name).filter((name) => !isField(name));
    try {
      this.#accept(whole(this.core.fromFields(fields.filter(([name]) => isField(name)))));
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
    const { lab } = this.experiment;
    // No number of cores is none given.
    const given = Object.entries(this.texts).filter(([field, text]) => field !== 'cores' || text !== '');
    try {
      this.#accept(whole(this.core.fromFields([['lab', lab], ...given])));
    } catch (error) {
      this.error = fieldError(error);
    }
    this.#derive();
  }

  #accept(experiment: WholeExperiment): void {
    this.experiment = experiment;
    this.error = undefined;
    this.facts = new Map(this.core.fieldFacts(experiment).map((facts) => [facts.field, facts]));
  }
}
