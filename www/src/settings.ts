// What the controls hold: an experiment as text fields, checked by the core. A link's fragment holds the same.

import type { Environment } from './environment.ts';
import type { Core, FieldError, WorkloadInfo } from './host/index.ts';
import { whole, type WholeExperiment } from './whole.ts';

/** The fields that have a control; the others of a link are kept as they are. */
export const SHOWN = ['workload', 'size', 'tasks', 'workers', 'runs', 'switch-interval', 'model'] as const;
export type Shown = (typeof SHOWN)[number];
type Fields = [string, string][];

function texts(experiment: WholeExperiment): Record<Shown, string> {
  return {
    workload: experiment.workload,
    size: String(experiment.size),
    tasks: String(experiment.tasks),
    workers: experiment.workers.join(','),
    runs: String(experiment.runs),
    // Rounded to a microsecond, so that 0.005 s reads 5.
    'switch-interval': String(Math.round(experiment.switch_interval_s * 1e6) / 1e3),
    model: experiment.models.join(','),
  };
}

function fieldError(error: unknown): FieldError & { message?: string } {
  if (error && typeof error === 'object' && 'field' in error) return error as FieldError & { message?: string };
  throw error;
}

export class Settings {
  readonly workloads: WorkloadInfo[];
  experiment: WholeExperiment;
  texts: Record<Shown, string>;
  /** Why the controls give no experiment. */
  error?: FieldError;
  /** Why the link gave none; the defaults stand in. */
  linkError?: string;
  /** What each field accepts, in the core's words. */
  bounds: Partial<Record<Shown, string>> = {};

  constructor(
    readonly core: Core,
    readonly environment: Environment,
  ) {
    this.workloads = core.workloads();
    this.experiment = whole(core.fromFields([]));
    this.texts = texts(this.experiment);
    this.#accept(this.experiment);
  }

  get workload(): WorkloadInfo {
    return this.workloads.find(({ id }) => id === this.texts.workload)!;
  }

  /** Take over what a control says. */
  set(field: Shown, text: string): void {
    this.linkError = undefined;
    if (field === 'workload') {
      const { size, tasks } = whole(this.core.fromFields([['lab', this.experiment.lab], ['workload', text]]));
      Object.assign(this.texts, { size: String(size), tasks: String(tasks) });
    }
    this.texts[field] = text;
    this.#check();
  }

  /** Take over a link's fragment; the defaults, if it is malformed. */
  follow(fragment: string): void {
    const fields: Fields = [...new URLSearchParams(fragment.replace(/^#/, ''))].filter(([name]) => name !== 'trace');
    this.linkError = undefined;
    try {
      this.#accept(whole(this.core.fromFields(fields)));
    } catch (error) {
      const { field, value, remedy } = fieldError(error);
      this.linkError = `This link's ${field} cannot be “${value}”: ${remedy}. The defaults stand in for all of it.`;
      this.#accept(whole(this.core.fromFields([])));
    }
    this.texts = texts(this.experiment);
  }

  /** The fragment that brings back what the controls hold. */
  fragment(experiment = this.experiment): string {
    // The number of workers is always told, because its default depends on the machine.
    const fields = this.core.toFields(experiment).filter(([name]) => name !== 'trace' && name !== 'workers');
    fields.push(['workers', experiment.workers.join(',')]);
    return `#${new URLSearchParams(fields)}`.replaceAll('%2C', ',');
  }

  #check(): void {
    const kept = this.core.toFields(this.experiment).filter(([name]) => !SHOWN.includes(name as Shown) && name !== 'trace');
    try {
      this.#accept(whole(this.core.fromFields([...kept, ...Object.entries(this.texts)])));
    } catch (error) {
      this.error = fieldError(error);
    }
  }

  #accept(experiment: WholeExperiment): void {
    this.experiment = experiment;
    this.error = undefined;
    this.#askBounds();
  }

  /** What the core would say to a value that no field accepts. */
  #askBounds(): void {
    for (const field of ['size', 'tasks', 'workers', 'runs', 'switch-interval'] as const) {
      try {
        this.core.fromFields([...Object.entries({ ...texts(this.experiment), [field]: '0' })]);
      } catch (error) {
        this.bounds[field] = /[\d.]+ to [\d.]+/.exec(fieldError(error).remedy)?.[0];
      }
    }
  }
}
