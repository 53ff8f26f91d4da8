import { describe, expect, test } from 'vitest';
import * as format from '../src/format.ts';
import { summary } from './sample.ts';

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1234567, '1,234,567'],
  [-12345, '-12,345'],
  [1234.5678, '1,234.568'],
  [0.0004, '0'],
])('count %f is %s', (value, text) => expect(format.count(value)).toBe(text));

test.each([
  [1, '1.00 s'],
  [0.9999, '1000 ms'],
  [0.0123456, '12.3 ms'],
  [9.994, '9.99 s'],
  [9.996, '10.0 s'],
  [99.96, '100 s'],
  [123.4, '123 s'],
  [5e-6, '5.00 µs'],
  [3e-10, '0.30 ns'],
  [-0.002, '-2.00 ms'],
])('%f seconds are %s', (value, text) => expect(format.seconds(value)).toBe(text));

test.each([
  [0, '0 B'],
  [1023, '1,023 B'],
  [1024, '1.00 KiB'],
  [1536 * 2 ** 20, '1.50 GiB'],
  [10 * 2 ** 20, '10.0 MiB'],
])('%i bytes are %s', (value, text) => expect(format.bytes(value)).toBe(text));

test('a running clock always shows seconds', () => {
  expect([format.clock(0.004), format.clock(61.237)]).toEqual(['0.00 s', '61.24 s']);
});

test('a moment has two decimals of a millisecond', () => {
  expect([format.moment(0), format.moment(0.1034212), format.moment(0.99999), format.moment(1.5)]).toEqual([
    '0.00 ms',
    '103.42 ms',
    '999.99 ms',
    '1.50000 s',
  ]);
});

describe('a tick of a time axis', () => {
  test.each([
    [0, 0.2, 1, '0'],
    [0.2, 0.2, 1, '0.2 s'],
    [1, 0.2, 1, '1 s'],
    [0.25, 0.25, 0.5, '250 ms'],
    [0.75, 0.25, 1, '0.75 s'],
    [0.5000025, 2.5e-6, 0.50005, '500.0025 ms'],
    [0.5, 0.5, 2, '0.5 s'],
    [2.5e-5, 2.5e-6, 3e-5, '25 µs'],
    [0.103425, 0.000005, 0.10344, '103.425 ms'],
  ])('%f, each %f up to %f, is %s', (value, step, last, text) => expect(format.tick(value, step, last)).toBe(text));

  test('differs from the next one, however close they are', () => {
    for (const step of [1e-6, 2e-6, 2.5e-6, 5e-6, 1e-5]) {
      const all = Array.from({ length: 20 }, (_, i) => format.tick(0.5 + i * step, step, 0.5 + 20 * step));
      expect(new Set(all).size).toBe(20);
    }
  });
});

describe('an interval', () => {
  test('of times has the unit of its median', () => {
    expect(format.secondsInterval(summary(1.25, [0.998, 1.29]))).toBe('1.00 to 1.29 s');
    expect(format.secondsInterval(summary(0.5, [0.25, 1.5]))).toBe('250 to 1500 ms');
  });

  test('of ratios has one sign', () => {
    expect(format.ratioInterval(summary(1, [0.5, 1.25]))).toBe('0.50 to 1.25×');
  });

  test('is nothing where there were too few rounds', () => {
    expect([format.secondsInterval(summary(1)), format.ratioInterval(summary(1))]).toEqual([undefined, undefined]);
  });
});

test.each([
  [0, 'seconds', '0 s'],
  [0.5, 'seconds', '500 ms'],
  [2048, 'bytes', '2.00 KiB'],
  [2048, 'bytes-per-second', '2.00 KiB/s'],
  [1234.5, 'per-second', '1,235/s'],
  [1.5, 'ratio', '1.50×'],
  [0.12345, 'share', '12.3 %'],
  [12.345, 'count', '12.3'],
  [1234567.8, 'none', '1,234,568'],
] as const)('%f %s is %s', (value, unit, text) => expect(format.quantity(value, unit)).toBe(text));

test('a figure that is lost in the noise has a bound instead', () => {
  expect(format.measured({ value: 0.002 }, 'seconds')).toBe('2.00 ms');
  expect(format.measured({ value: 0.002, ci95: [0.001, 0.003] }, 'seconds')).toBe('2.00 ms (1.00 ms to 3.00 ms)');
  expect(format.measured({ value: 0, ci95: [0, 0.003] }, 'seconds')).toBe('under 3.00 ms');
  expect(format.measured({ value: 0 }, 'seconds')).toBe('too little to measure');
});

test('a distance says how many times as much, or how much more or less', () => {
  expect(format.distance(1.5, 'ratio', 'seconds')).toBe('1.50×');
  expect(format.distance(-0.123, 'difference', 'share')).toBe('−12 points');
  expect(format.distance(0.5, 'difference', 'ratio')).toBe('+0.50');
});

test.each([
  [0, 'seconds', '0'],
  [0.5, 'seconds', '500 ms'],
  [2.5, 'seconds', '2.5 s'],
  [1.1, 'ratio', '1.1×'],
  [10, 'ratio', '10×'],
  [2 ** 20, 'bytes', '1 MiB'],
  [1536, 'bytes-per-second', '1.5 KiB/s'],
  [0.5, 'share', '50 %'],
  [20_000, 'count', '20k'],
  [1.5e6, 'per-second', '1.5M/s'],
  [-3000, 'count', '-3k'],
  [5, 'none', '5'],
] as const)('%f %s on an axis is %s', (value, unit, text) => expect(format.axisTick(value, unit)).toBe(text));

test('only bytes are scaled before an axis is divided', () => {
  expect([format.unitSize(3e6, 'bytes'), format.unitSize(3000, 'bytes-per-second'), format.unitSize(3e6, 'count')]).toEqual([2 ** 20, 2 ** 10, 1]);
});
