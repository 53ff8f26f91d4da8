// The native companion, when it serves this page: the same experiment, events and report over HTTP.

import type { Event, Experiment, Report } from '../wasm/gilscope.js';
import type { RunOptions } from './index.ts';

type Line =
  | { type: 'queued'; ahead: number }
  | { type: 'event'; event: Event }
  | { type: 'report'; report: Report }
  | { type: 'error'; message: string; field?: string };

/** The token that the companion puts into the page that it serves; without one there is no companion. */
export function nativeToken(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[name="gilscope-token"]')?.content;
}

/** Run an experiment on the companion. Aborting ends the run there within a second. */
export async function runOnCompanion(experiment: Experiment, options: RunOptions): Promise<Report> {
  const token = nativeToken();
  if (!token) throw new Error('the native companion does not serve this page; start it with "gilscope serve"');
  const response = await fetch(new URL('api/run', document.baseURI), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-gilscope-token': token },
    body: JSON.stringify(experiment),
    signal: options.signal ?? null,
  });
  if (!response.ok || !response.body) {
    throw new Error(`the native companion refused the run (${response.status}): ${await response.text()}`);
  }
  for await (const line of lines(response.body)) {
    if (line.type === 'event') options.onTrace?.(line.event);
    if (line.type === 'report') return line.report;
    if (line.type === 'error') throw Object.assign(new Error(line.message), { field: line.field });
  }
  throw new Error('the native companion ended in the middle of the run; start it again');
}

async function* lines(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Line> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    const parts = (rest + chunk.value).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) yield JSON.parse(part) as Line;
  }
}
