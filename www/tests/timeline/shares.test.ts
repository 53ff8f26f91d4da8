import { describe, expect, test } from 'vitest';
import type { Model } from '../../src/host/index.ts';
import { inShort, measured_s, sharesOf } from '../../src/timeline/shares.ts';
import { figures, run } from '../sample.ts';

const WORKER = figures({ running_s: 4, unlocked_s: 1, waiting_s: 2, blocked_s: 0.5, sending_s: 0.2, receiving_s: 0.3, idle_s: 1, starting_s: 9 });
const of = (model: Model, worker = WORKER) => Object.fromEntries(sharesOf(worker, model).map(({ name, seconds }) => [name, seconds]));

describe('what a worker’s time went into', () => {
  test('is each part once, and starting is no part of the rounds', () => {
    expect(of('processes')).toEqual({
      running: 3,
      'running without the lock': 1,
      waiting: 2,
      idle: 1,
      sending: 0.2,
      receiving: 0.3,
      blocked: 0.5,
    });
  });

  test('says of threads that they run with the lock', () => {
    expect(of('threads')).toMatchObject({ 'running with the lock': 3, 'running without the lock': 1 });
  });

  test('is all with the lock in a report of a version that did not tell', () => {
    const { unlocked_s: _, ...earlier } = WORKER;
    expect(of('threads', earlier as typeof WORKER)).toMatchObject({ 'running with the lock': 4, 'running without the lock': 0 });
  });
});

test('in short are the shares of all workers together, but for the smallest', () => {
  const workers = [figures({ running_s: 3, waiting_s: 3 }), figures({ running_s: 1.5, waiting_s: 4.48, idle_s: 0.02 })];
  const elapsed_s = { samples: [2, 2, 2], median: 2, min: 2, max: 2 };
  expect(inShort(run({ model: 'processes', elapsed_s }), workers)).toBe('running 38 %, waiting 62 %');
  expect(inShort(run({ elapsed_s }), [])).toBe('');
});

test('all measured rounds together are the sum of their times', () => {
  expect(measured_s({ samples: [1, 2, 4] })).toBe(7);
});
