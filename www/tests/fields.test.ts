import { describe, expect, test } from 'vitest';
import { CHOICES, GROUPS } from '../src/choices.ts';
import { FIELDS, fieldName, inOrder, pointInWords, sweeps, texts, valueInWords } from '../src/fields.ts';
import { SLIDERS } from '../src/sliders.ts';
import type { Point } from '../src/whole.ts';
import { experiment } from './sample.ts';

describe('the texts of an experiment', () => {
  test('are spelled as in a link', () => {
    const of = experiment({
      models: ['serial', 'free-threads'],
      workers: [1, 4],
      switch_interval_s: 0.0025,
      shared: 0.125,
      memory_budget_bytes: 3.9 * 2 ** 20,
      cores: 3,
      sweep: [{ size: '10', tasks: '2' }, { size: '20' }],
    });
    expect(texts(of)).toMatchObject({
      workload: 'sum-of-squares',
      size: '1000',
      model: 'serial,free-threads',
      workers: '1,4',
      'switch-interval': '2.5',
      shared: '12.5',
      'memory-budget': '3',
      cores: '3',
      sweep: 'size=10 tasks=2; size=20',
    });
  });

  test('have every field, and no core where all are used', () => {
    const of = texts(experiment());
    expect(Object.keys(of).sort()).toEqual([...FIELDS].sort());
    expect(of.cores).toBe('');
  });

  test.each([
    [0.005, '5'],
    [0.0001, '0.1'],
    [0.1, '100'],
    [0.0000015, '0.002'],
  ])('show an interval of %f s without what floating point adds', (switch_interval_s, text) => {
    expect(texts(experiment({ switch_interval_s }))['switch-interval']).toBe(text);
  });

  test.each([0.07, 0.29, 0.57, 1 / 3])('show a share of %f without it, too', (shared) => {
    expect(texts(experiment({ shared })).shared).toMatch(/^\d+(\.\d{1,4})?$/);
  });
});

test('a sweep sets a field only if every point does', () => {
  const sweep: Point[] = [{ size: '1', tasks: '1' }, { size: '2' }];
  expect([sweeps({ sweep }, 'size'), sweeps({ sweep }, 'tasks'), sweeps({ sweep: [] }, 'size')]).toEqual([true, false, false]);
});

test('a point in words follows the order of the controls and has units', () => {
  expect(pointInWords({ 'switch-interval': '0.5', tasks: '4', size: '5000' })).toBe('size 5,000, tasks 4, switch interval 500 µs');
  expect(pointInWords({ model: 'serial,threads', shared: '20', 'memory-budget': '512' })).toBe('models serial, threads, shared part 20 %, memory budget 512 MiB');
  expect(inOrder(['sweep', 'workers', 'size'])).toEqual(['size', 'workers', 'sweep']);
  expect(valueInWords('sweep', '')).toBe('');
  expect([fieldName('start-method'), fieldName('background')]).toEqual(['start method', 'computing beside them']);
});

test('every field has its place among all settings, once', () => {
  const grouped = GROUPS.flatMap(({ fields }) => fields);
  expect([...grouped].sort()).toEqual([...FIELDS].sort());
  for (const field of FIELDS) expect(CHOICES[field].label).not.toBe('');
});

describe('a slider', () => {
  test('of the switch interval goes from 0.1 to 100 ms by equal ratios', () => {
    const { steps, toText } = SLIDERS['switch-interval']!;
    expect([toText(0), toText(steps / 2), toText(steps)]).toEqual(['0.1', '3.2', '100']);
    expect(SLIDERS['switch-interval']!.toStep(0)).toBe(0);
  });

  test.each(Object.entries(SLIDERS))('of %s stands where its own text puts it', (_, { steps, toText, toStep }) => {
    for (let step = 0; step <= steps; step++) expect(toStep(Number(toText(step)))).toBe(step);
  });
});
