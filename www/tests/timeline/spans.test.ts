import { expect, test } from 'vitest';
import { DEAD, RUNNING, WAITING } from '../../src/timeline/looks.ts';
import { NO_TASK, Row } from '../../src/timeline/row.ts';

function row(...at_us: number[]): Row {
  const row = new Row();
  for (const us of at_us) row.put(us, RUNNING);
  return row;
}

test('a span is found by any time within it', () => {
  const spans = row(10, 20, 40);
  expect([9, 10, 19.9, 20, 39, 40, 1e9].map((us) => spans.indexAt(us))).toEqual([-1, 0, 0, 1, 1, 2, 2]);
  expect(row().indexAt(5)).toBe(-1);
});

test('a span ends where the next one begins, and the last one does not end', () => {
  const spans = row(10, 20);
  expect(spans.endOf(0, 99)).toBe(20);
  expect(spans.endOf(1, 99)).toBe(99);
});

test('what took no time is no span', () => {
  const spans = row(10);
  spans.put(20, WAITING, 3);
  spans.put(20, DEAD);
  expect(spans.at_us).toEqual([10, 20]);
  expect(spans.codes).toEqual([RUNNING, DEAD]);
  expect(spans.tasks).toEqual([NO_TASK, NO_TASK]);
});

test('a row keeps the task of each span', () => {
  const spans = new Row();
  spans.add({ at_us: 1, state: 'running', unlocked: false, task: 0 });
  spans.add({ at_us: 2, state: 'idle', unlocked: false });
  expect(spans.tasks).toEqual([0, NO_TASK]);
  spans.clear(1);
  expect([spans.count, spans.tasks.length]).toEqual([1, 1]);
  spans.clear();
  expect([spans.count, spans.codes.length]).toEqual([0, 0]);
});
