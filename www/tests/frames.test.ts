import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Pace } from '../src/frames.ts';

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

/** How often is drawn in a second. */
async function drawn(pace: Pace, { still = false, hidden = false } = {}): Promise<number> {
  vi.stubGlobal('matchMedia', () => ({ matches: still }));
  vi.stubGlobal('document', { hidden });
  const { frames } = await import('../src/frames.ts');
  const draw = vi.fn();
  let now: Pace | undefined = pace;
  frames(() => now, draw);
  vi.advanceTimersByTime(999);
  now = undefined;
  const before = draw.mock.calls.length;
  vi.advanceTimersByTime(1000);
  expect(draw.mock.calls.length).toBe(before);
  expect(vi.getTimerCount()).toBe(0);
  return before;
}

test('frames are frequent between measurements and rare during one', async () => {
  expect(await drawn('lively')).toBe(31);
  expect(await drawn('sparing')).toBe(10);
});

test('frames are rarer still for readers who prefer reduced motion', async () => {
  expect(await drawn('lively', { still: true })).toBe(4);
});

test('nothing is drawn in a hidden tab', async () => {
  expect(await drawn('lively', { hidden: true })).toBe(0);
});
