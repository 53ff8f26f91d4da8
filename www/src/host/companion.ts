// The companion that serves this page: what it can run, and what it runs.

import type { HostInfo, RunInfo } from '../wasm/measuring.js';

/** The companion has answered, and it was a no: asking again would not help. */
export class CompanionError extends Error {}

/** The token that the companion puts into the page that it serves; without one there is no companion. */
export function nativeToken(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[name="gilscope-token"]')?.content;
}

/** It answers at once, but for the Pythons that it has to look for. */
const PATIENCE_MS = 30_000;

/**
 * Ask the companion, and wait until its answer begins. Rejects with a `CompanionError` if it refuses, with another error
 * if it cannot be reached.
 */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const token = nativeToken();
  if (!token) throw new CompanionError('the native companion does not serve this page; start it with "gilscope serve"');
  const response = await answer(new URL(path, document.baseURI), { ...init, headers: { 'x-gilscope-token': token } });
  if (response.ok) return response;
  throw new CompanionError(`the native companion refused this (${response.status}): ${await response.text()}`);
}

async function answer(url: URL, init: RequestInit): Promise<Response> {
  const stop = new AbortController();
  const late = `the native companion has not answered for ${PATIENCE_MS / 1000} s; start it again`;
  const timer = setTimeout(() => stop.abort(new Error(late)), PATIENCE_MS);
  const cancel = () => stop.abort(init.signal?.reason);
  init.signal?.addEventListener('abort', cancel);
  if (init.signal?.aborted) cancel();
  try {
    return await fetch(url, { ...init, signal: stop.signal });
  } catch (error) {
    // WebKit has words of its own for what was aborted.
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

/** The hosts of the companion's machine; none without a companion. */
export async function hosts(): Promise<HostInfo[]> {
  return nativeToken() ? ((await (await request('api/hosts')).json()) as HostInfo[]) : [];
}

/** The runs that wait, that go on, and that ended lately. */
export async function runs(): Promise<RunInfo[]> {
  return nativeToken() ? ((await (await request('api/runs')).json()) as RunInfo[]) : [];
}

/** Let an experiment join the queue of a host. */
export async function begin(ask: { host: string; experiment: RunInfo['experiment'] }): Promise<RunInfo> {
  return (await (await request('api/runs', { method: 'POST', body: JSON.stringify(ask) })).json()) as RunInfo;
}
