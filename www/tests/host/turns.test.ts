import { beforeEach, describe, expect, test, vi } from 'vitest';
import { eventually } from '../eventually.ts';

beforeEach(() => void vi.resetModules());
const turns = () => import('../../src/host/turns.ts');

/** Web Locks as the pages of one origin share them. */
function locks() {
  const queue: (() => void)[] = [];
  const free = () => queue.shift();
  const request = async (name: string, options: { ifAvailable?: boolean; signal?: AbortSignal }, body: (lock: unknown) => Promise<unknown>) => {
    if (held && options.ifAvailable) return body(null);
    if (held) {
      await new Promise<void>((resolve, reject) => {
        queue.push(resolve);
        options.signal?.addEventListener('abort', () => {
          queue.splice(queue.indexOf(resolve), 1);
          reject(options.signal!.reason);
        });
      });
    }
    held = name;
    try {
      return await body({ name });
    } finally {
      held = '';
      free()?.();
    }
  };
  let held = '';
  return { request, query: async () => ({}) };
}

/** A run that lasts until `end` is called. */
function body(answer: string) {
  let end!: () => void;
  const done = new Promise<void>((resolve) => (end = resolve));
  return { run: vi.fn(() => done.then(() => answer)), end };
}

describe('where the browser has locks', () => {
  beforeEach(() => void vi.stubGlobal('navigator', { locks: locks() }));

  test('two runs never measure at the same time', async () => {
    const { alone } = await turns();
    const [first, second] = [body('first'), body('second')];
    const [onFirst, onSecond] = [vi.fn(), vi.fn()];
    const ran = [alone({ onQueued: onFirst }, first.run), alone({ onQueued: onSecond }, second.run)];
    await eventually(() => expect(onSecond).toHaveBeenCalledTimes(1));
    expect([first.run.mock.calls.length, second.run.mock.calls.length, onFirst.mock.calls.length]).toEqual([1, 0, 0]);
    first.end();
    await eventually(() => expect(second.run).toHaveBeenCalledTimes(1));
    second.end();
    expect(await Promise.all(ran)).toEqual(['first', 'second']);
    expect([first.run.mock.calls.length, second.run.mock.calls.length]).toEqual([1, 1]);
  });

  test('a run that fails gives its turn to the next', async () => {
    const { alone } = await turns();
    await expect(alone({}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await alone({}, async () => 'next')).toBe('next');
  });

  test('a wait can be ended', async () => {
    const { alone } = await turns();
    const [first, second, abort] = [body('first'), body('second'), new AbortController()];
    const running = alone({}, first.run);
    const onQueued = vi.fn();
    const waiting = alone({ signal: abort.signal, onQueued }, second.run);
    await eventually(() => expect(onQueued).toHaveBeenCalled());
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    first.end();
    expect(await running).toBe('first');
    expect(second.run).not.toHaveBeenCalled();
  });
});

describe.each([
  ['has none', {}],
  ['gives the frame none', { locks: { query: () => Promise.reject(new DOMException('', 'SecurityError')) } }],
])('where the browser %s', (_, navigator) => {
  beforeEach(() => void vi.stubGlobal('navigator', navigator));

  test('the page around is asked for the turn, and gets it back', async () => {
    const { alone, letAskForTurns } = await turns();
    const giveBack = vi.fn();
    const usher = vi.fn(async () => giveBack);
    letAskForTurns(usher);
    const waiting = { onQueued: vi.fn() };
    expect(
      await alone(waiting, async () => {
        expect(giveBack).not.toHaveBeenCalled();
        return 'ran';
      }),
    ).toBe('ran');
    expect(usher).toHaveBeenCalledWith(waiting);
    expect(giveBack).toHaveBeenCalledTimes(1);
    await expect(alone({}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(giveBack).toHaveBeenCalledTimes(2);
  });

  test('a run starts at once when there is no queue to join', async () => {
    const { alone } = await turns();
    expect(await alone({}, async () => 'ran')).toBe('ran');
  });
});
