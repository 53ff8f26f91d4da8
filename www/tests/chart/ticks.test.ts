import { describe, expect, test } from 'vitest';
import { range } from '../../src/chart/ticks.ts';
import type { Unit } from '../../src/host/index.ts';
import { random } from '../random.ts';

const linear = (unit: Unit, values: number[], most = 5) => range({ label: '', unit, log: false }, values, most);
const log = (unit: Unit, values: number[], most = 5) => range({ label: '', unit, log: true }, values, most);

describe('a linear axis', () => {
  test('goes from 0 to beyond the largest value in round steps', () => {
    expect(linear('seconds', [0.3, 0.87])).toEqual({ domain: [0, 1], ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] });
    expect(linear('ratio', [3.9], 4)).toEqual({ domain: [0, 4], ticks: [0, 1, 2, 3, 4] });
  });

  test('has no half things', () => {
    expect(linear('count', [1, 2, 3], 6).ticks).toEqual([0, 1, 2, 3]);
    expect(linear('count', [12], 5).ticks).toEqual([0, 5, 10, 15]);
  });

  test('is round in binary units', () => {
    expect(linear('bytes', [3.2 * 2 ** 20], 4).ticks.map((tick) => tick / 2 ** 20)).toEqual([0, 1, 2, 3, 4]);
  });

  test('has a length where there is nothing to show', () => {
    for (const values of [[], [0], [-1], [NaN]]) expect(linear('seconds', values).domain[1]).toBeGreaterThan(0);
  });

  test('holds every value, with few enough ticks', () => {
    const next = random(2);
    for (let i = 0; i < 500; i++) {
      const [value, most] = [10 ** (next() * 12 - 6), 3 + Math.floor(next() * 6)];
      const { domain, ticks } = linear('seconds', [value], most);
      expect(domain[1]).toBeGreaterThanOrEqual(value * 0.999);
      expect(domain[1]).toBeLessThan(value * 3.5);
      expect(ticks.length).toBeLessThanOrEqual(most + 2);
    }
  });
});

describe('a logarithmic axis', () => {
  test('has the powers of ten between its ends', () => {
    const { domain, ticks } = log('seconds', [0.001, 10, 0, -5, NaN]);
    expect(ticks.map((tick) => tick.toPrecision(3))).toEqual(['0.00100', '0.0100', '0.100', '1.00', '10.0']);
    expect(domain[0]).toBeLessThan(0.001);
    expect(domain[1]).toBeGreaterThan(10);
  });

  test('has fewer of them where there is no room', () => {
    expect(log('count', [1, 1e6], 4).ticks.map((tick) => Math.round(tick))).toEqual([1, 100, 10_000, 1_000_000]);
  });

  test('has more between them where there are few', () => {
    expect(log('ratio', [1, 7], 5).ticks).toEqual([1, 2, 3, 5, 7]);
    expect(log('ratio', [1, 50], 6).ticks).toEqual([1, 2, 5, 10, 20, 50]);
    expect(log('ratio', [1, 30], 4).ticks).toEqual([1, 3, 10, 30]);
    expect(log('ratio', [1, 30], 3).ticks).toEqual([1, 10]);
  });

  test('goes by powers of two for bytes', () => {
    expect(log('bytes', [1024, 8192]).ticks).toEqual([1024, 2048, 4096, 8192]);
  });

  test('has room around a single value', () => {
    expect(log('seconds', [4]).domain).toEqual([2, 8]);
  });

  test('is linear where nothing is more than nothing', () => {
    expect(log('seconds', [0]).domain[0]).toBe(0);
  });
});
