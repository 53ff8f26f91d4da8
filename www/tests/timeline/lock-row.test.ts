import { describe, expect, test } from 'vitest';
import { FREE, LockRow } from '../../src/timeline/lock-row.ts';
import { codeOf, RUNNING, WAITING } from '../../src/timeline/looks.ts';
import { Row } from '../../src/timeline/row.ts';
import { between, random } from '../random.ts';

const BLOCKED = codeOf('blocked', false);
const UNLOCKED = codeOf('running', true);

/** The rows of workers that are known up to `known_us`. */
function rows(known_us: number, ...workers: [at_us: number, code: number][][]): Row[] {
  return workers.map((spans) => {
    const row = new Row();
    for (const [at_us, code] of spans) row.put(at_us, code);
    row.known_us = known_us;
    return row;
  });
}

/** When who takes the lock, and after which of these turns the holder had to let go. */
function turns(lock: LockRow) {
  return lock.at_us.map((at_us, i) => [at_us, lock.holder(i), lock.forced[i]]);
}

function followed(all: Row[], start_us = 0): LockRow {
  const lock = new LockRow(start_us);
  lock.follow(all);
  return lock;
}

describe('the holder of the lock', () => {
  test('is who runs, and nobody between two turns', () => {
    const lock = followed(rows(50, [[0, WAITING], [5, RUNNING], [20, BLOCKED]], [[0, BLOCKED], [22, RUNNING], [30, BLOCKED]]));
    expect(turns(lock)).toEqual([
      [0, undefined, false],
      [5, 0, false],
      [20, undefined, false],
      [22, 1, false],
      [30, undefined, false],
    ]);
    expect(lock.codes[0]).toBe(FREE);
    expect(lock.holderNow).toBeUndefined();
  });

  test('is not who computes without the lock', () => {
    const lock = followed(rows(50, [[0, RUNNING], [10, UNLOCKED]], [[0, WAITING], [12, RUNNING]]));
    expect(turns(lock)).toEqual([
      [0, 0, false],
      [10, undefined, false],
      [12, 1, false],
    ]);
    expect(lock.holderNow).toBe(1);
  });

  test('had to let go where it waits after its turn', () => {
    const lock = followed(rows(50, [[0, RUNNING], [10, WAITING]], [[0, WAITING], [10, RUNNING], [20, BLOCKED]]));
    expect(turns(lock)).toEqual([
      [0, 0, true],
      [10, 1, false],
      [20, undefined, false],
    ]);
  });

  test('is in one turn from task to task', () => {
    const [row] = rows(50, [[0, RUNNING], [10, RUNNING], [20, WAITING]]);
    expect(turns(followed([row!]))).toEqual([
      [0, 0, true],
      [20, undefined, false],
    ]);
  });
});

test('what another worker tells late changes the last turns', () => {
  const all = rows(0, [[0, RUNNING], [10, BLOCKED]], [[0, WAITING]]);
  [all[0]!.known_us, all[1]!.known_us] = [40, 5];
  const lock = followed(all);
  expect(turns(lock).at(-1)).toEqual([10, undefined, false]);
  all[1]!.put(12, RUNNING);
  all[1]!.known_us = 40;
  lock.follow(all);
  expect(turns(lock)).toEqual([
    [0, 0, false],
    [10, undefined, false],
    [12, 1, false],
  ]);
});

/** Turns of some workers, one after another, and the spans of each worker that they come from. */
function schedule(next: () => number, workers: number) {
  const spans: [number, number][][] = Array.from({ length: workers }, () => [[0, BLOCKED]]);
  const expected: [number, number | undefined, boolean][] = [];
  let free_us = 0;
  for (let i = 0; i < 40; i++) {
    const [worker, gap] = [between(next, 0, workers), next() < 0.5 ? 0 : between(next, 1, 9)];
    const [start_us, forced] = [free_us + gap, next() < 0.5];
    const end_us = start_us + between(next, 1, 20);
    const before = expected.at(-1);
    if (gap > 0) expected.push([free_us, undefined, false]);
    if (gap === 0 && before?.[1] === worker) before[2] = forced;
    else expected.push([start_us, worker, forced]);
    spans[worker]!.push([start_us, RUNNING], [end_us, forced ? WAITING : next() < 0.5 ? BLOCKED : UNLOCKED]);
    free_us = end_us;
  }
  expected.push([free_us, undefined, false]);
  return { spans, expected, end_us: free_us };
}

test('however late each worker tells, the turns are those that there were', () => {
  const next = random(11);
  for (let i = 0; i < 300; i++) {
    const workers = between(next, 1, 5);
    const { spans, expected, end_us } = schedule(next, workers);
    const all = rows(0, ...spans.map(() => []));
    const lock = new LockRow(0);
    const told = spans.map(() => 0);
    for (let now_us = 0; now_us <= end_us + 60; now_us += between(next, 1, 30)) {
      all.forEach((row, worker) => {
        // Some tell nothing this time.
        if (now_us <= end_us && next() < 0.4) return;
        for (; told[worker]! < spans[worker]!.length && spans[worker]![told[worker]!]![0] <= now_us; told[worker]!++) {
          row.put(...spans[worker]![told[worker]!]!);
        }
        row.known_us = now_us;
      });
      lock.follow(all);
    }
    expect(turns(lock)).toEqual(expected);
    // As a report shows it, all at once.
    expect(turns(followed(all))).toEqual(expected);
  }
});
