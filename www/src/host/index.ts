// The page's one door to the hosts: this browser, and the native companion if it serves the page.

import init, {
  Controls,
  RunSetup,
  beforeAndAfter,
  experimentFromFields,
  experimentToFields,
  fieldFacts,
  labs,
  maxWorkers,
  presets,
  runInBrowser,
  unsharedReason,
  workloads,
} from '../wasm/measuring.js';
import type { Event, Experiment, FieldFacts, LabInfo, Picture, PresetInfo, Report, WorkloadInfo } from '../wasm/measuring.js';
import { part, unless } from '../parts.ts';
import { pause } from '../pause.ts';
import { trusted } from '../trusted.ts';
import type { HostId } from '../words.ts';
import type { Analysis } from './analysis.ts';
import type { CompanionOptions } from './companion-run.ts';
import { begun, compiled } from './module.ts';
import { alone } from './turns.ts';
import wasmUrl from '../wasm/measuring_bg.wasm?url';
import workerUrl from './worker.ts?worker&url';

export type * from '../wasm/measuring.js';
export type { Analysis } from './analysis.ts';
export { hosts, nativeToken } from './companion.ts';
export type { CompanionOptions } from './companion-run.ts';

export interface RunOptions {
  /** Hears what happens while the experiment runs: the live trace, answers, rounds. */
  onTrace?: (event: Event) => void;
  /** Another run has its turn; this one waits. */
  onQueued?: () => void;
  /** Cancels the run, which then rejects with an `AbortError` within a second. */
  signal?: AbortSignal;
  /** Gets a way to terminate a worker while `processes` run, to see what follows. */
  onKill?: (kill: (worker: number) => void) => void;
  /** Off only to learn what recording costs: then there is no trace and no times by worker. */
  recording?: boolean;
  /** Seconds after which a worker that owes an answer and is silent is replaced: 10, if not given; at least 1. */
  patienceS?: number;
}

/** What a cancelled run rejects with. */
export interface RunCancelled extends Error {
  name: 'AbortError';
  /** What was measured before the run was cancelled, if anything was. */
  report?: Report;
}

/** What a page calls of the module that measures. */
export interface Core {
  workloads(): WorkloadInfo[];
  labs(): LabInfo[];
  /** Experiments beside the labs to begin with. */
  presets(): PresetInfo[];
  /** What is not named is the lab's; `quick` takes a few seconds. Throws a `FieldError`. */
  fromFields(fields: [string, string][], quick?: boolean): Experiment;
  /** Only the fields that differ from the lab's own experiment. */
  toFields(experiment: Experiment): [string, string][];
  /** What there is to know of each field of this experiment here. */
  fieldFacts(experiment: Experiment): FieldFacts[];
  /** What a task starts from and what it makes of it, for a workload that changes pictures; else nothing. */
  beforeAndAfter(experiment: Experiment, task: number): Picture[];
  maxWorkers: number;
  /** Why memory cannot be shared here; then `threads` and `free-threads` cannot run. */
  unsharedReason: string | undefined;
}

const pairs = (flat: string[]) =>
  Array.from({ length: flat.length / 2 }, (_, i): [string, string] => [flat[2 * i]!, flat[2 * i + 1]!]);

let loading: Promise<{ module: WebAssembly.Module; core: Core }> | undefined;

/** Fetch and compile the module once, for the page and all workers. */
function load() {
  loading ??= (async () => {
    const module = await compiled(wasmUrl);
    await begun(init, module);
    const core: Core = {
      workloads,
      labs,
      presets,
      fromFields: (fields, quick = false) => experimentFromFields(fields.flat(), quick),
      toFields: (experiment) => pairs(experimentToFields(experiment)),
      fieldFacts,
      beforeAndAfter,
      maxWorkers: maxWorkers(),
      unsharedReason: unsharedReason(),
    };
    return { module, core };
  })();
  // Whoever asks again gets another try.
  loading.catch(() => (loading = undefined));
  return loading;
}

/** The core, once the module is loaded. */
export async function ready(): Promise<Core> {
  return (await load()).core;
}

let analysing: Promise<Analysis> | undefined;

/** What is made of reports, in a module of its own: nobody waits for it before the first run. */
export function analysis(): Promise<Analysis> {
  analysing ??= part(import('./analysis.ts')).then(({ load }) => load());
  // Whoever asks again gets another try.
  analysing.catch(() => (analysing = undefined));
  return analysing;
}

/** Fill in what is not given, from the lab's own experiment on this machine (`race`, if none is named). */
export async function complete(experiment: Partial<Experiment>): Promise<Experiment> {
  const core = await ready();
  const given = Object.fromEntries(Object.entries(experiment).filter(([, value]) => value !== undefined));
  const named = (['lab', 'workload'] as const).filter((name) => given[name] !== undefined);
  return { ...core.fromFields(named.map((name) => [name, String(given[name])])), ...given };
}

/** Within the bounds of the core's `Patience`. */
function patience(seconds = 10): number {
  if (seconds >= 1 && seconds <= 3600) return seconds;
  const [field, value, remedy] = ['patienceS', `${seconds}`, 'use 1 to 3600 seconds'];
  throw Object.assign(new Error(`${field} cannot be '${value}': ${remedy}`), { name: 'FieldError', field, value, remedy });
}

/**
 * Run an experiment in this browser. Two runs never measure at the same time: pages of one origin wait
 * for each other.
 */
export async function run(experiment: Partial<Experiment>, options: RunOptions = {}): Promise<Report> {
  const { signal } = options;
  const patienceS = patience(options.patienceS);
  const { module } = await unless(signal, load());
  const whole = await complete(experiment);
  // Not while the cores are measured.
  const { analyse } = await unless(signal, analysis());
  return alone(options, async () => {
    const controls = new Controls();
    const cancel = () => controls.cancel();
    signal?.addEventListener('abort', cancel);
    // An abort before this moment, while the run waited for its turn, has been heard by nobody.
    if (signal?.aborted) cancel();
    let runs = true;
    options.onKill?.((worker) => void (runs && controls.kill(worker)));
    try {
      const setup = new RunSetup(module, trusted(workerUrl), options.recording ?? true, patienceS);
      const report = await runInBrowser(whole, setup, controls, options.onTrace ?? (() => {}));
      await pause();
      return analyse(report);
    } catch (error) {
      const cancelled = error as Partial<RunCancelled>;
      if (cancelled.report) cancelled.report = analyse(cancelled.report);
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
      runs = false;
      controls.free();
    }
  });
}

/** Run an experiment in this browser, or on a host of the companion that serves this page, in turn with all others. */
export async function runIn(host: HostId, experiment: Partial<Experiment>, options: CompanionOptions = {}): Promise<Report> {
  if (host === 'browser') return run(experiment, options);
  const whole = await complete(experiment);
  const { runOnCompanion } = await unless(options.signal, companionRun());
  return alone(options, () => runOnCompanion(host, whole, options));
}

/** Runs on the companion. Most pages have none. */
const companionRun = () => part(import('./companion-run.ts'));

/** Have a run on the companion ended to which nobody has listened yet. */
export async function endOnCompanion(id: string): Promise<void> {
  const { end } = await companionRun();
  return end(id);
}

/** Listen to a run on the companion that goes on already. */
export async function pickUp(id: string, options: CompanionOptions): Promise<Report> {
  const { follow } = await companionRun();
  // The run goes on anyway, so there is no turn to wait for.
  return follow(id, options);
}

declare global {
  interface Window {
    /** The page's public API. */
    gilscope: { run: typeof run };
  }
}
window.gilscope = { run };
