// The companion that serves this page: what it can run, and what it runs.

import type { HostInfo, RunInfo } from '../wasm/measuring.js';
import { inTime } from '../parts.ts';

/** The companion has answered, and it was a no: asking again would not help. */
export class CompanionError extends Error {}

/** The token that the companion puts into the page that it serves; without one there is no companion. */
export function nativeToken(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[name="gilscope-token"]')?.content;
}

/** It answers at once, but for the Pythons that it has to look for. */
const PATIENCE_MS = 30_000;
const LATE = `the native companion has not answered for ${PATIENCE_MS / 1000} s; start it again`;

/**
 * Ask the companion, and wait until its answer begins. Rejects with a `CompanionError` if it refuses, with another error
 * if it cannot be reached.
 */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const token = nativeToken();
  if (!token) throw new CompanionError('the native companion does not serve this page; start it with "gilscope serve"');
  const asked = fetch(new URL(path, document.baseURI), { ...init, headers: { 'x-gilscope-token': token } });
  const response = await inTime(asked, PATIENCE_MS, LATE);
  if (response.ok) return response;
  const why = await inTime(response.text(), PATIENCE_MS, LATE);
  throw new CompanionError(`the native companion refused this (${response.status}): ${why}`);
}

/** The whole of a short answer. */
async function answer<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await request(path, init);
  return inTime(response.json() as Promise<T>, PATIENCE_MS, LATE);
}

/** The hosts of the companion's machine; none without a companion. */
export async function hosts(): Promise<HostInfo[]> {
  return nativeToken() ? answer<HostInfo[]>('api/hosts') : [];
}

/** The runs that wait, that go on, and that ended lately. */
export async function runs(): Promise<RunInfo[]> {
  return nativeToken() ? answer<RunInfo[]>('api/runs') : [];
}

/** Let an experiment join the queue of a host. */
export async function begin(ask: { host: string; experiment: RunInfo['experiment'] }): Promise<RunInfo> {
  return answer('api/runs', { method: 'POST', body: JSON.stringify(ask) });
}
