import { expect, test } from 'vitest';
import { headline } from '../src/headline.ts';
import { hostAbout, hostOf, hostTitle, isPython, STATES, workersOf } from '../src/words.ts';
import { LOOKS } from '../src/timeline/looks.ts';
import { experiment, report, run, summary } from './sample.ts';

test.each([
  ['browser', 'in the browser', 'In the browser'],
  ['native', 'natively', 'Natively'],
  ['cpython-3.13t', 'in CPython 3.13t', 'In CPython 3.13t'],
] as const)('the host %s is called “%s”', (host, about, title) => {
  expect([hostAbout(host), hostTitle(host), isPython(host)]).toEqual([about, title, host.startsWith('c')]);
});

test.each([
  ['browser', 'Chromium 150', 'browser'],
  ['native', 'x86_64', 'native'],
  ['cpython', 'CPython 3.11.7 (GCC 12.2)', 'cpython-3.11.7'],
  ['cpython', 'CPython 3.14.0rc1+ (Clang)', 'cpython-3.14.0rc1+'],
  ['cpython', 'CPython', 'cpython-'],
] as const)('a report of %s, %s, is of the host %s', (kind, engine, host) => {
  expect(hostOf(report({ host: { kind, engine } as never }))).toBe(host);
});

test('one worker is one', () => expect([workersOf(1), workersOf(2)]).toEqual(['1 worker', '2 workers']));

test('the legend explains every look but death', () => {
  expect(STATES.map(({ state }) => state).sort()).toEqual(LOOKS.filter((look) => look !== 'dead').sort());
});

test('a headline has the speed-ups with the most workers', () => {
  const of = (model: string, workers: number, speedup?: number) => run({ model: model as never, workers, ...(speedup && { speedup: summary(speedup) }) });
  const runs = [of('serial', 1, 1), of('threads', 2, 1.01), of('threads', 4, 0.98), of('processes', 4, 3.5), of('event-loop', 1, 1.2), of('free-threads', 4)];
  expect(headline(report({ runs }))).toBe('threads 0.98×, processes 3.50×, event-loop 1.20×');
});

test('a headline of a sweep, or without speed-ups, is what the lab says', () => {
  const sweep = [{ size: '1' }, { size: '2' }];
  const unsure = { outcome: 'could-not-tell' } as never;
  expect(headline(report({ verdict: unsure, experiment: experiment({ sweep }), runs: [run({ speedup: summary(2) })] }))).toBe('could not tell');
  const [held, failed] = [true, false].map((holds) => ({ holds }) as never);
  expect(headline(report({ verdict: held }))).toBe('confirmed');
  expect(headline(report({ verdict: failed }))).toBe('refuted');
  expect(headline(report({ experiment: experiment({ sweep }) }))).toBe('2 points');
  expect(headline(report())).toBe('no speed-up: serial did not run');
});
