import * as fake from 'fake-indexeddb';
import { deleteDB, openDB } from 'idb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { eventually } from './eventually.ts';
import { report } from './sample.ts';

/** A browser that has kept nothing. */
beforeEach(() => {
  vi.resetModules();
  for (const [name, of] of Object.entries(fake)) if (name.startsWith('IDB')) vi.stubGlobal(name, of);
  vi.stubGlobal('indexedDB', new fake.IDBFactory());
});
const history = () => import('../src/history.ts');

const measured = (measured_unix_s: number, more: object = {}) => report({ measured_unix_s, ...more });

describe('a run that is kept', () => {
  test('is listed, the newest first, and its report comes back without its trace', async () => {
    const { keep, entries, reportText } = await history();
    await keep(measured(100));
    await keep(measured(200, { trace: [{ model: 'threads' }] }));
    const all = await entries();
    expect(all.map(({ measured_unix_s }) => measured_unix_s)).toEqual([200, 100]);
    const text = await reportText(all[0]!.id);
    expect(JSON.parse(text)).toEqual(measured(200));
    expect(all[0]).toEqual({
      id: all[0]!.id,
      measured_unix_s: 200,
      lab: 'race',
      workload: 'sum-of-squares',
      host: 'in the browser',
      engine: 'Chromium 150',
      headline: 'no speed-up: serial did not run',
      bytes: text.length,
    });
  });

  test('is there after a reload', async () => {
    await (await history()).keep(measured(100));
    vi.resetModules();
    expect(await (await history()).entries()).toHaveLength(1);
  });

  test('has a time of its own where its report has none', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(5_000);
    const { keep, entries } = await history();
    await keep(measured(undefined as never));
    expect((await entries())[0]!.measured_unix_s).toBe(5);
  });

  test('that is too long is refused, and the others stay', async () => {
    const { keep, entries, MOST_BYTES } = await history();
    await keep(measured(100));
    await expect(keep(measured(200, { version: 'x'.repeat(MOST_BYTES) }))).rejects.toThrow('too long');
    expect(await entries()).toHaveLength(1);
  });
});

describe('a run that is deleted', () => {
  test('is gone with its report, and its number is not given again', async () => {
    const { keep, entries, remove, reportText } = await history();
    for (const unix_s of [1, 2, 3]) await keep(measured(unix_s));
    const ids = (await entries()).map(({ id }) => id);
    await remove([ids[0]!, ids[2]!]);
    expect((await entries()).map(({ id }) => id)).toEqual([ids[1]]);
    await expect(reportText(ids[0]!)).rejects.toThrow(`There is no run ${ids[0]} in the history`);
    await keep(measured(4));
    const [newest] = await entries();
    expect(ids).not.toContain(newest!.id);
    expect(JSON.parse(await reportText(newest!.id)).measured_unix_s).toBe(4);
  });
});

describe('the oldest runs go', () => {
  test('where there are too many', async () => {
    const { keep, entries, reportText, MOST_RUNS } = await history();
    for (let unix_s = 0; unix_s <= MOST_RUNS + 1; unix_s++) await keep(measured(unix_s));
    const all = await entries();
    expect(all).toHaveLength(MOST_RUNS);
    expect([all[0]!.measured_unix_s, all.at(-1)!.measured_unix_s]).toEqual([MOST_RUNS + 1, 2]);
    await expect(reportText(all.at(-1)!.id - 1)).rejects.toThrow('no run');
  });

  test('where they are too long together', async () => {
    const { keep, entries, MOST_BYTES } = await history();
    const large = { version: 'x'.repeat(MOST_BYTES * 0.4) };
    for (const unix_s of [1, 2]) await keep(measured(unix_s, large));
    await keep(measured(3));
    expect(await entries()).toHaveLength(3);
    await keep(measured(4, large));
    expect((await entries()).map(({ measured_unix_s }) => measured_unix_s)).toEqual([4, 3, 2]);
  });
});

test('other tabs are notified of changes until they unsubscribe', async () => {
  const { keep, remove, onChange } = await history();
  const heard = vi.fn();
  const end = onChange(heard);
  await keep(measured(1));
  await eventually(() => expect(heard).toHaveBeenCalledTimes(1));
  await remove([1]);
  await eventually(() => expect(heard).toHaveBeenCalledTimes(2));
  end();
  // One that still hears proves that the message has come.
  const other = vi.fn();
  const endOther = onChange(other);
  await keep(measured(2));
  await eventually(() => expect(other).toHaveBeenCalledTimes(1));
  endOther();
  expect(heard).toHaveBeenCalledTimes(2);
});

test('a browser that refuses is asked again the next time', async () => {
  const { keep, entries } = await history();
  const refused = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('no storage here', 'SecurityError');
  });
  await expect(keep(measured(1))).rejects.toThrow('no storage here');
  refused.mockRestore();
  await keep(measured(2));
  expect(await entries()).toHaveLength(1);
});

test('a database that could not be opened is opened the next time', async () => {
  const { keep, entries } = await history();
  // A page of a later version has it open.
  const later = await openDB('gilscope-history', 2);
  await expect(keep(measured(1))).rejects.toMatchObject({ name: 'VersionError' });
  later.close();
  await deleteDB('gilscope-history');
  await keep(measured(2));
  expect(await entries()).toHaveLength(1);
});

test('a run is called by its lab, host and time', async () => {
  const { keep, entries, nameOf } = await history();
  await keep(measured(1_700_000_000));
  expect(nameOf((await entries())[0]!)).toMatch(/^race in the browser, Nov 1[45], 2023, /);
});
