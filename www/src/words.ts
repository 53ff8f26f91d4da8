// The page's words for the things that a report names.

import type { Model, Report } from './host/index.ts';
import type { Look } from './timeline/looks.ts';

export const MODELS: readonly Model[] = ['serial', 'threads', 'processes', 'free-threads', 'event-loop'];

export const MODEL_ABOUT: Record<Model, string> = {
  serial: 'one worker, one task after another',
  threads: 'share one memory and one lock, so they take turns',
  processes: 'each has its own memory and its own lock; they send messages',
  'free-threads': 'share one memory, and there is no lock',
  'event-loop': 'one worker that goes on with another task while one waits',
};

/** What `threads` are where no memory is shared. */
export const LOCK_OVER_MESSAGES =
  'share one lock, so they take turns. In this browser the lock runs over messages, and each has its own memory';

/** What a legend explains, in its order. */
export const STATES: readonly { state: Look; name: string; about: string }[] = [
  { state: 'running', name: 'running', about: 'computes its task' },
  { state: 'unlocked', name: 'running without the lock', about: 'computes in a kernel that has dropped the lock' },
  { state: 'waiting', name: 'waiting', about: 'wants the lock, and computes nothing' },
  { state: 'idle', name: 'idle', about: 'has nothing to do' },
  { state: 'sending', name: 'sending', about: 'serializes and sends a message' },
  { state: 'receiving', name: 'receiving', about: 'receives and deserializes a message' },
  { state: 'blocked', name: 'blocked', about: 'waits for input or output' },
  { state: 'starting', name: 'starting', about: 'is being started and cannot take a task yet' },
];

export function workersOf(count: number): string {
  return count === 1 ? '1 worker' : `${count} workers`;
}

/** Where a run happens, as a reader calls it. */
export type HostId = 'browser' | 'native' | Python;
/** A CPython on the companion's machine, as the companion calls it. */
type Python = `cpython-${string}`;

export function isPython(host: HostId): host is Python {
  return host.startsWith('cpython-');
}

export function hostAbout(host: HostId): string {
  if (isPython(host)) return `in CPython ${host.slice('cpython-'.length)}`;
  return host === 'browser' ? 'in the browser' : 'natively';
}

/** The same, to begin a sentence with. */
export function hostTitle(host: HostId): string {
  const about = hostAbout(host);
  return about.charAt(0).toUpperCase() + about.slice(1);
}

/** The host that measured a report. */
export function hostOf({ host }: Report): HostId {
  if (host.kind !== 'cpython') return host.kind;
  // "CPython 3.11.7 (GCC 12.2)"
  return `cpython-${/\d[\w.+-]*/.exec(host.engine)?.[0] ?? ''}`;
}
