// Which model suits a case, by arithmetic on costs that were measured. One function, so that it can move into the
// core; nothing is measured and nothing is averaged here.

import type { Model } from './host/index.ts';

/** What the reader wants to run. */
export interface Case {
  tasks: number;
  /** One task by itself, its waiting included. */
  task_s: number;
  /** Part of that in which it only waits, 0 to 1. */
  waitShare: number;
  /** Sent with a task and back. */
  taskBytes: number;
  /** What a worker holds beside what it needs to be one. */
  workerBytes: number;
  /** For all workers together. */
  budgetBytes: number;
}

/** What was measured. What could not be measured is absent, and then counts nothing. */
export interface Costs {
  /** Workers that computed at once, and the speed-up that bare ones got. */
  workers: number;
  ceiling: number;
  threadStart_s: number;
  processStart_s: number;
  /** Handing one task to a thread, and one message to a process and back. */
  threadTask_s: number;
  message_s: number;
  byte_s?: number;
  /** Going on with another task in an event loop. */
  loopTask_s?: number;
  threadBytes?: number;
  processBytes?: number;
}

export type Choice = Extract<Model, 'serial' | 'threads' | 'processes' | 'event-loop'>;

/** What a model would take. */
export interface Estimate {
  model: Choice;
  elapsed_s: number;
  workers: number;
  /** Tasks in one message. */
  chunk: number;
}

export interface Cell {
  tasks: [number, number];
  task_s: [number, number];
  cheapest: Choice;
}

export interface Decision {
  advice: Estimate;
  /** All that are possible, the cheapest first. */
  estimates: Estimate[];
  /** What the advice rests on, a sentence each. */
  reasons: Reason[];
  map: Cell[];
}

/** A sentence with the cost that it rests on, for whoever writes it. */
export type Reason =
  | { kind: 'computes-under-the-lock'; share: number }
  | { kind: 'waits'; share: number }
  | { kind: 'start-outweighs'; start_s: number; work_s: number }
  | { kind: 'messages'; messages: number; message_s: number; bytes_s: number }
  | { kind: 'ceiling'; workers: number; ceiling: number }
  | { kind: 'memory'; fit: number; eachBytes: number }
  | { kind: 'close'; second: Choice; ratio: number };

/** More threads than this wait for each other to be scheduled. */
const MOST_THREADS = 64;
/** Chunks for each worker: more balance the load better, and cost more messages. */
const CHUNKS_A_WORKER = 4;
/** What is not faster than the simpler way by this factor is not worth its trouble. */
const WORTH = 1.1;
/** The simplest first. */
const SIMPLEST: readonly Choice[] = ['serial', 'threads', 'event-loop', 'processes'];

/** From this share of the work on, a cost is worth a word. */
const NOTABLE = 0.05;

const computing = ({ task_s, waitShare }: Case) => task_s * (1 - waitShare);

/** Bare workers gain this much, so many of them side by side. */
function gain({ workers, ceiling }: Costs, used: number): number {
  return workers > 1 ? 1 + ((ceiling - 1) * (Math.min(used, workers) - 1)) / (workers - 1) : 1;
}

/** How many processes fit into the memory. */
function fitting(of: Case, { processBytes = 0 }: Costs): number {
  const each = processBytes + of.workerBytes;
  return each > 0 ? Math.floor(of.budgetBytes / each) : Infinity;
}

function serial(of: Case): Estimate {
  return { model: 'serial', elapsed_s: of.tasks * of.task_s, workers: 1, chunk: 1 };
}

function threads(of: Case, costs: Costs): Estimate {
  const workers = Math.min(of.tasks, of.waitShare > 0 ? MOST_THREADS : costs.workers);
  // Computing takes turns under the lock; waiting does not.
  const work_s = Math.max(of.tasks * computing(of), (of.tasks * of.task_s) / workers);
  return { model: 'threads', elapsed_s: workers * costs.threadStart_s + of.tasks * costs.threadTask_s + work_s, workers, chunk: 1 };
}

function processes(of: Case, costs: Costs): Estimate | undefined {
  const workers = Math.min(of.tasks, costs.workers, fitting(of, costs));
  if (workers < 1) return undefined;
  const chunk = Math.max(1, Math.floor(of.tasks / (workers * CHUNKS_A_WORKER)));
  const messages_s = Math.ceil(of.tasks / chunk) * costs.message_s + of.tasks * of.taskBytes * (costs.byte_s ?? 0);
  const work_s = of.tasks * (computing(of) / gain(costs, workers) + (of.task_s * of.waitShare) / workers);
  return { model: 'processes', elapsed_s: workers * costs.processStart_s + messages_s + work_s, workers, chunk };
}

function eventLoop(of: Case, { loopTask_s }: Costs): Estimate | undefined {
  if (loopTask_s === undefined || of.waitShare === 0) return undefined;
  const elapsed_s = of.tasks * (computing(of) + loopTask_s) + of.task_s * of.waitShare;
  return { model: 'event-loop', elapsed_s, workers: 1, chunk: 1 };
}

/** All that are possible, the cheapest first. */
function estimate(of: Case, costs: Costs): Estimate[] {
  const all = [serial(of), threads(of, costs), processes(of, costs), eventLoop(of, costs)];
  return all.filter((one) => one !== undefined).sort((a, b) => a.elapsed_s - b.elapsed_s);
}

/** The simplest of those that are about as cheap as the cheapest. */
function choose(estimates: Estimate[]): Estimate {
  const enough = estimates.filter(({ elapsed_s }) => elapsed_s <= estimates[0]!.elapsed_s * WORTH);
  return enough.sort((a, b) => SIMPLEST.indexOf(a.model) - SIMPLEST.indexOf(b.model))[0]!;
}

function reasonsFor(of: Case, costs: Costs, advice: Estimate, estimates: Estimate[]): Reason[] {
  const reasons: Reason[] = [];
  const fit = fitting(of, costs);
  const split = estimates.find(({ model }) => model === 'processes');
  if (of.waitShare < 1) reasons.push({ kind: 'computes-under-the-lock', share: 1 - of.waitShare });
  if (of.waitShare > 0) reasons.push({ kind: 'waits', share: of.waitShare });
  if (split) {
    const work_s = of.tasks * of.task_s;
    const start_s = split.workers * costs.processStart_s;
    const messages = Math.ceil(of.tasks / split.chunk);
    const bytes_s = of.tasks * of.taskBytes * (costs.byte_s ?? 0);
    if (of.waitShare < 1) reasons.push({ kind: 'ceiling', workers: costs.workers, ceiling: costs.ceiling });
    if (start_s > NOTABLE * work_s) reasons.push({ kind: 'start-outweighs', start_s, work_s });
    if (messages * costs.message_s + bytes_s > NOTABLE * work_s) {
      reasons.push({ kind: 'messages', messages, message_s: costs.message_s, bytes_s });
    }
  }
  if (fit < costs.workers) reasons.push({ kind: 'memory', fit, eachBytes: (costs.processBytes ?? 0) + of.workerBytes });
  const second = estimates.find(({ model }) => model !== advice.model);
  const ratio = second ? second.elapsed_s / advice.elapsed_s : Infinity;
  if (second && ratio < WORTH && ratio > 1 / WORTH) reasons.push({ kind: 'close', second: second.model, ratio });
  return reasons;
}

const TASK_DECADES = [0, 6] as const;
const LENGTH_DECADES = [-6, 1] as const;
const STEPS_A_DECADE = 3;

/** The edges of the map's cells, evenly apart on a logarithmic scale. */
function edges([from, to]: readonly [number, number]): number[] {
  return Array.from({ length: (to - from) * STEPS_A_DECADE + 1 }, (_, i) => 10 ** (from + i / STEPS_A_DECADE));
}

/** The same case with other lengths and numbers of tasks. */
function mapOf(of: Case, costs: Costs): Cell[] {
  const [counts, lengths] = [edges(TASK_DECADES), edges(LENGTH_DECADES)];
  return counts.slice(1).flatMap((most, i) =>
    lengths.slice(1).map((longest, k): Cell => {
      const [least, shortest] = [counts[i]!, lengths[k]!];
      const middle = { ...of, tasks: Math.max(1, Math.round(Math.sqrt(least * most))), task_s: Math.sqrt(shortest * longest) };
      return { tasks: [least, most], task_s: [shortest, longest], cheapest: choose(estimate(middle, costs)).model };
    }),
  );
}

export function decide(of: Case, costs: Costs): Decision {
  const estimates = estimate(of, costs);
  const advice = choose(estimates);
  return { advice, estimates, reasons: reasonsFor(of, costs, advice, estimates), map: mapOf(of, costs) };
}
