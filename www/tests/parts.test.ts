import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { inTime, part, unless } from '../src/parts.ts';
import { eventually } from './eventually.ts';

const never = new Promise<never>(() => {});

describe('what comes', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('in time is had, and nothing is left that would end it', async () => {
    expect(await inTime(Promise.resolve(7), 1000, 'late')).toBe(7);
    await expect(inTime(Promise.reject(new Error('no')), 1000, 'late')).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('too late is given up', async () => {
    const heard = vi.fn();
    inTime(never, 1000, 'too late').catch(({ message }) => heard(message));
    await vi.advanceTimersByTimeAsync(999);
    expect(heard).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(heard).toHaveBeenCalledWith('too late');
  });

  test('as a part of the site is named where it does not', async () => {
    await expect(part(Promise.reject(new Error('404')))).rejects.toThrow('a part of the site could not be loaded (404); look at the connection');
    const heard = vi.fn();
    part(never).catch(({ message }) => heard(message));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(heard).toHaveBeenCalledWith('a part of the site could not be loaded (it did not come within 60 s); look at the connection');
  });
});

describe('what can be cancelled', () => {
  test('comes as it is without a signal or an abort', async () => {
    const { signal } = new AbortController();
    expect(await unless(undefined, Promise.resolve(1))).toBe(1);
    expect(await unless(signal, Promise.resolve(2))).toBe(2);
    await expect(unless(signal, Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  test('rejects with an AbortError when it is cancelled meanwhile, or was before', async () => {
    const abort = new AbortController();
    const waiting = unless(abort.signal, never);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await expect(unless(abort.signal, never)).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('listens no longer than it lasts', async () => {
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');
    await unless(signal, Promise.resolve(1));
    await eventually(() => expect(removed).toHaveBeenCalledTimes(1));
  });
});
