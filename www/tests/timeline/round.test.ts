import { describe, expect, test } from 'vitest';
import type { RunTrace } from '../../src/host/index.ts';
import { codeOf, DEAD, RUNNING, WAITING } from '../../src/timeline/looks.ts';
import { Round } from '../../src/timeline/round.ts';

const IDLE = codeOf('idle', false);
const UNLOCKED = codeOf('running', true);

type Span = [state: string, start_us: number, end_us: number, more?: object];

function trace(model: string, ...workers: Span[][]): RunTrace {
  const tracks = workers.map((spans, worker) => ({
    worker,
    spans: spans.map(([state, start_us, end_us, more]) => ({ state, start_us, end_us, unlocked: false, ...more })),
  }));
  return { model, workers: workers.length, tracks, samples: [] } as unknown as RunTrace;
}

const spansOf = ({ rows }: Round, worker = 0) => rows[worker]!.at_us.map((at_us, i) => [at_us, rows[worker]!.codes[i]]);

describe('a round of a trace', () => {
  const window = { start_us: 100, end_us: 200 };

  test('has the spans within its time, cut to it', () => {
    const round = Round.of(trace('serial', [['idle', 0, 90], ['running', 90, 150], ['idle', 150, 260], ['running', 260, 300]]), window);
    expect(spansOf(round)).toEqual([
      [100, RUNNING],
      [150, IDLE],
    ]);
    expect([round.start_us, round.end_us, round.kind]).toEqual([100, 200, 'measured']);
    expect(round.rows[0]!.known_us).toBe(200);
  });

  test('leaves out what ends as it begins, and begins as it ends', () => {
    const round = Round.of(trace('serial', [['idle', 0, 100], ['running', 100, 200], ['waiting', 200, 300]]), window);
    expect(spansOf(round)).toEqual([[100, RUNNING]]);
  });

  test('has a worker dead before its life, between two lives, and after the last', () => {
    const round = Round.of(trace('processes', [['running', 110, 120], ['idle', 140, 180]]), window);
    expect(spansOf(round)).toEqual([
      [100, DEAD],
      [110, RUNNING],
      [120, DEAD],
      [140, IDLE],
      [180, DEAD],
    ]);
    expect(spansOf(Round.of(trace('processes', []), window))).toEqual([[100, DEAD]]);
  });

  test('keeps tasks, and tells who runs without the lock', () => {
    const round = Round.of(trace('threads', [['running', 100, 150, { task: 3, unlocked: true }], ['running', 150, 200, { task: 4 }]]), window);
    expect(spansOf(round)).toEqual([
      [100, UNLOCKED],
      [150, RUNNING],
    ]);
    expect(round.rows[0]!.tasks).toEqual([3, 4]);
    expect([round.lock!.holder(0), round.lock!.holder(1)]).toEqual([undefined, 0]);
  });

  test('has a lock only where threads have one', () => {
    const spans: Span[] = [['running', 100, 200]];
    expect(Round.of(trace('threads', spans), window).lock?.count).toBe(1);
    expect(Round.of(trace('free-threads', spans), window).lock).toBeUndefined();
  });
});

describe('a round that is measured now', () => {
  test('begins with the states that its workers are in', () => {
    const round = new Round(10, 'measured', ['idle', 'waiting'], true);
    expect([spansOf(round, 0), spansOf(round, 1)]).toEqual([[[10, IDLE]], [[10, WAITING]]]);
    round.add(1, [{ at_us: 15, state: 'running', unlocked: false, work: 0 }], 20);
    round.followLock();
    expect(spansOf(round, 1)).toEqual([
      [10, WAITING],
      [15, RUNNING],
    ]);
    expect([round.rows[0]!.known_us, round.rows[1]!.known_us]).toEqual([10, 20]);
    expect(round.lock!.holderNow).toBe(1);
  });

  test('passes over a worker that it does not have', () => {
    const round = new Round(10, 'measured', ['idle'], false);
    round.add(7, [{ at_us: 15, state: 'running', unlocked: false, work: 0 }], 20);
    expect(spansOf(round)).toEqual([[10, IDLE]]);
  });

  test('is cut short where it is closed before its end, and not where it has ended', () => {
    const cut = new Round(10, 'measured', ['idle'], false);
    cut.close(30);
    expect([cut.kind, cut.end_us]).toEqual(['cut-short', 30]);
    const ended = new Round(10, 'measured', ['idle'], false);
    ended.end_us = 25;
    ended.close(30);
    expect([ended.kind, ended.end_us]).toEqual(['measured', 25]);
  });

  test('assumes nothing of workers that start, and shows no lock for them', () => {
    const round = new Round(10, 'start-up', ['idle'], true);
    expect([round.rows[0]!.count, round.lock]).toEqual([0, undefined]);
    round.close(30);
    expect([round.kind, round.end_us]).toEqual(['start-up', 30]);
  });
});
