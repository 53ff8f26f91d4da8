import { expect, test } from 'vitest';
import { csv } from '../src/csv.ts';
import type { Point } from '../src/whole.ts';
import { experiment, report, run, summary } from './sample.ts';

/** The lines as fields by their heads, for text without quotes. */
function parsed(text: string): Record<string, string>[] {
  const [heads, ...lines] = text.split('\r\n').map((line) => line.split(','));
  expect(lines.pop()).toEqual(['']);
  return lines.map((cells) => {
    expect(cells).toHaveLength(heads!.length);
    return Object.fromEntries(heads!.map((head, i) => [head, cells[i]!]));
  });
}

test('a report is one line a run, in seconds, bytes and plain ratios', () => {
  const lines = parsed(
    csv(
      report({
        runs: [
          run({ model: 'serial', workers: 1, elapsed_s: summary(0.004, [0.003, 0.005]) }),
          run({ speedup: summary(0.75), efficiency: 0.5, memory_bytes: summary(1024), lock: { forced_switches: 7 } as never }),
        ],
      }),
    ),
  );
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatchObject({
    lab: 'race',
    host: 'browser',
    engine: 'Chromium 150',
    workload: 'sum-of-squares',
    size: '1000',
    tasks: '8',
    chunk: '1',
    model: 'serial',
    workers: '1',
    rounds: '3',
    elapsed_s: '0.004',
    elapsed_s_ci95_low: '0.003',
    elapsed_s_ci95_high: '0.005',
    speedup: '',
    answer: '42',
  });
  expect(lines[1]).toMatchObject({ model: 'threads', speedup: '0.75', efficiency: '0.5', memory_bytes: '1024', forced_switches: '7', elapsed_s_ci95_low: '' });
});

test('each run has the settings of its point, and its own model and workers', () => {
  const sweep: Point[] = [
    { size: '10', 'switch-interval': '5', workers: '1,2', model: 'threads,processes' },
    { size: '20', 'switch-interval': '50' },
  ];
  const runs = [run({ point: 0, workers: 1 }), run({ point: 1, model: 'processes' })];
  const lines = parsed(csv(report({ experiment: experiment({ sweep }), runs })));
  expect(lines.map(({ size, model, workers, ...more }) => [size, model, workers, more['switch-interval']])).toEqual([
    ['10', 'threads', '1', '5'],
    ['20', 'processes', '2', '50'],
  ]);
});

test('what has a comma, a quote or a line break is quoted (RFC 4180)', () => {
  const of = (engine: string) => csv(report({ host: { kind: 'cpython', engine } as never, runs: [run({ answer: 'a\nb' })] }));
  expect(of('CPython 3.13, GCC')).toContain(',"CPython 3.13, GCC",');
  expect(of('CPython "3.13"')).toContain(',"CPython ""3.13""",');
  expect(of('')).toMatch(/,"a\nb"\r\n$/);
});

test('a report without runs is an empty head', () => {
  expect(csv(report({ runs: [] }))).toBe('\r\n');
});
