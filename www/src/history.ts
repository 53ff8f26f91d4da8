// The runs of this browser, kept on this machine alone (IndexedDB): what the list shows of each apart from its report,
// so that the list is quick. Reports are kept without their traces, which are most of them.

import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { dayAndTime } from './format.ts';
import { headline } from './headline.ts';
import type { Report } from './host/index.ts';
import { hostAbout, hostOf } from './words.ts';

/** Beyond either, the oldest go. */
export const MOST_RUNS = 200;
export const MOST_BYTES = 20 * 2 ** 20;

/** What the list shows of a run. */
export interface Entry {
  id: number;
  measured_unix_s: number;
  lab: string;
  workload: string;
  /** Where it ran: "in the browser", and the engine. */
  host: string;
  engine: string;
  headline: string;
  /** Of its report as text. */
  bytes: number;
}

interface History extends DBSchema {
  entries: { key: number; value: Entry };
  reports: { key: number; value: string };
}

const CHANNEL = 'gilscope-history';

/** Hear of changes, also of other tabs; returns how to hear no more. */
export function onChange(changed: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = changed;
  return () => channel.close();
}

/** This tab's own listeners have channels of their own. */
function tell(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage('changed');
  channel.close();
}

let opening: Promise<IDBPDatabase<History>> | undefined;

function open(): Promise<IDBPDatabase<History>> {
  opening ??= openDB<History>('gilscope-history', 1, {
    upgrade: (database) => {
      // A number that was deleted is never given again: links have it.
      database.createObjectStore('entries', { keyPath: 'id', autoIncrement: true });
      database.createObjectStore('reports');
    },
    // A page of a later version wants to change the stores.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    terminated: () => (opening = undefined),
  });
  // What was refused once may be allowed by now.
  opening.catch(() => (opening = undefined));
  return opening;
}

function entryOf(report: Report, bytes: number): Omit<Entry, 'id'> {
  const { experiment, host } = report;
  return {
    measured_unix_s: report.measured_unix_s ?? Date.now() / 1e3,
    lab: experiment.lab ?? '',
    workload: experiment.workload ?? '',
    host: hostAbout(hostOf(report)),
    engine: host.engine,
    headline: headline(report),
    bytes,
  };
}

/** Keep what a run came to. Rejects where the browser keeps nothing, or has no room. */
export async function keep(report: Report): Promise<void> {
  const { trace: _, ...kept } = report;
  const text = JSON.stringify(kept);
  if (text.length > MOST_BYTES) throw new Error('its report is too long');
  const writing = (await open()).transaction(['entries', 'reports'], 'readwrite');
  const entries = writing.objectStore('entries');
  const reports = writing.objectStore('reports');
  // The store gives the number.
  const id = await entries.add(entryOf(report, text.length) as Entry);
  const dropped = tooMany(await entries.getAll());
  await Promise.all([
    reports.put(text, id),
    ...dropped.flatMap(({ id }) => [entries.delete(id), reports.delete(id)]),
    writing.done,
  ]);
  tell();
}

/** The oldest entries, without which the others fit. */
function tooMany(entries: Entry[]): Entry[] {
  let kept = 0;
  for (let bytes = 0; kept < Math.min(entries.length, MOST_RUNS); kept++) {
    bytes += entries.at(-1 - kept)!.bytes;
    if (bytes > MOST_BYTES) break;
  }
  return entries.slice(0, entries.length - kept);
}

/** What a run is called among others. */
export function nameOf({ lab, host, measured_unix_s }: Entry): string {
  return `${lab} ${host}, ${dayAndTime(measured_unix_s)}`;
}

/** The newest first. */
export async function entries(): Promise<Entry[]> {
  return (await (await open()).getAll('entries')).reverse();
}

/** The report of a run, as text. Rejects where there is none. */
export async function reportText(id: number): Promise<string> {
  const text = await (await open()).get('reports', id);
  if (text === undefined) throw new Error(`There is no run ${id} in the history of this browser.`);
  return text;
}

export async function remove(ids: number[]): Promise<void> {
  const writing = (await open()).transaction(['entries', 'reports'], 'readwrite');
  const stores = [writing.objectStore('entries'), writing.objectStore('reports')];
  await Promise.all([...ids.flatMap((id) => stores.map((store) => store.delete(id))), writing.done]);
  tell();
}
