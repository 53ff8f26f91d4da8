// A run on the companion, from its first line to its last, through connections that are cut. The run belongs to the
// companion: it goes on while nobody listens, and whoever comes back asks for the lines that are missing.

import type { Event, Experiment, Line, Report, RunInfo, Said } from '../wasm/measuring.js';
import { unless } from '../parts.ts';
import { keep, kept } from '../storage.ts';
import { begin, CompanionError, request, runs } from './companion.ts';

export interface CompanionOptions {
  onTrace?: (event: Event) => void;
  /** Other runs come first: so many, where that is known. */
  onQueued?: (ahead?: number) => void;
  onConnection?: (connection: 'lost' | 'back') => void;
  /** Gets a way to kill a worker process of the native host while `processes` run, to see what follows. */
  onKill?: (kill: (worker: number) => void) => void;
  signal?: AbortSignal;
}

/** The companion sends a blank line every 10 s: after this, nothing will come on a connection. */
const SILENCE_MS = 30_000;
/** So long the companion lets a run go on that nobody listens to. */
const GRACE_MS = 60_000;
/** How long a page waits for a cancelled run to end; the companion ends it in any case. */
const PATIENCE_MS = 5_000;
/** Pauses between two tries, each twice as long as the one before. */
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [250, 8_000];

/** Run an experiment on a host of the companion's. Aborting ends the run there within a second. */
export async function runOnCompanion(host: string, experiment: Experiment, options: CompanionOptions): Promise<Report> {
  const { signal } = options;
  signal?.throwIfAborted();
  const begun = begin({ host, experiment });
  // One that begins after that all the same.
  begun.then(
    ({ id }) => void (signal?.aborted && end(id)),
    () => {},
  );
  return follow((await unless(signal, begun)).id, options);
}

/** Hear all of a run, from its first line on. */
export async function follow(id: string, { signal, ...options }: CompanionOptions): Promise<Report> {
  keep('sessionStorage', KEY, id);
  const listening = new AbortController();
  const cancel = () => {
    void end(id);
    setTimeout(() => listening.abort(), PATIENCE_MS);
  };
  signal?.addEventListener('abort', cancel);
  if (signal?.aborted) cancel();
  // What cannot be asked for now, a reader asks for again.
  options.onKill?.((worker) => void request(`api/runs/${id}/workers/${worker}`, { method: 'DELETE' }).catch(() => {}));
  try {
    const report = await lastOf(id, options, listening.signal);
    if (signal?.aborted && report.warnings.some(({ code }) => code === 'cancelled')) throw cancelled(report);
    return report;
  } catch (error) {
    throw signal?.aborted && !(error as { report?: Report }).report ? cancelled() : error;
  } finally {
    signal?.removeEventListener('abort', cancel);
    listening.abort();
    forget(id);
  }
}

/** The run that this tab listened to before it was reloaded, if the companion still has it. */
export async function leftBehind(): Promise<RunInfo | undefined> {
  const id = remembered();
  return id === null ? undefined : (await runs()).find((run) => run.id === id);
}

/** Have a run ended. While the companion cannot be reached, try for as long as it would let the run go on. */
export async function end(id: string): Promise<void> {
  forget(id);
  const start_ms = performance.now();
  for (let tries = 0; performance.now() - start_ms < GRACE_MS; tries++) {
    try {
      return void (await request(`api/runs/${id}`, { method: 'DELETE', keepalive: true }));
    } catch (error) {
      // It has ended, and was forgotten.
      if (error instanceof CompanionError) return;
    }
    await pause(tries);
  }
}

/** What the last line says. A cut connection is tried again, from the line on that is missing. */
async function lastOf(id: string, options: CompanionOptions, signal: AbortSignal): Promise<Report> {
  let next = 0;
  for (let tries = 0; ; tries++) {
    const connected = () => {
      if (tries > 0) options.onConnection?.('back');
      tries = 0;
    };
    for await (const { number, said } of lines(id, next, connected, signal)) {
      next = number + 1;
      if (said.type === 'report') return said.report;
      if (said.type === 'error') throw new CompanionError(said.message);
      if (said.type === 'queued') options.onQueued?.(said.ahead);
      if (said.type === 'event') options.onTrace?.(said.event);
    }
    signal.throwIfAborted();
    options.onConnection?.('lost');
    await pause(tries);
  }
}

/** The lines from `from` on, until the run ends or the connection is lost. */
async function* lines(id: string, from: number, connected: () => void, signal: AbortSignal): AsyncGenerator<Line<Said>> {
  const reader = await open(`api/runs/${id}/events?from=${from}`, signal);
  if (!reader) return;
  connected();
  try {
    let rest = '';
    for (let chunk = await next(reader); chunk !== undefined; chunk = await next(reader)) {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) if (part) yield JSON.parse(part) as Line<Said>;
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}

async function open(path: string, signal: AbortSignal): Promise<ReadableStreamDefaultReader<string> | undefined> {
  try {
    const { body } = await request(path, { signal });
    return body?.pipeThrough(new TextDecoderStream()).getReader();
  } catch (error) {
    if (error instanceof CompanionError) throw error;
    return undefined;
  }
}

/** The next piece of text; none at the end, or when the connection is lost. */
async function next(reader: ReadableStreamDefaultReader<string>): Promise<string | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, SILENCE_MS)));
  try {
    return (await Promise.race([reader.read(), silence]))?.value;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

function pause(tries: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS)));
}

function cancelled(report?: Report): Error {
  return Object.assign(new DOMException('the run was cancelled', 'AbortError'), report && { report });
}

// Where a browser keeps nothing a run is not found again: nothing else depends on it.

const KEY = 'gilscope-run';

const remembered = () => kept('sessionStorage', KEY);

function forget(id: string): void {
  if (remembered() === id) sessionStorage.removeItem(KEY);
}
