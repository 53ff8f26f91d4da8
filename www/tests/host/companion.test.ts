import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { begin, CompanionError, hosts, request, runs } from '../../src/host/companion.ts';
import { end, follow, leftBehind, runOnCompanion } from '../../src/host/companion-run.ts';
import { experiment, report } from '../sample.ts';

const experimentOf = experiment() as never;

type Answer = (init: RequestInit, url: URL) => Response | Promise<Response>;

/** What the companion answers, by method and path, and all that it was asked. */
let answers: Record<string, Answer>;
let asked: string[];
let token: string | undefined;
let session: Map<string, string>;

beforeEach(() => {
  vi.useFakeTimers();
  answers = { 'DELETE /api/runs/7': () => new Response() };
  asked = [];
  token = 'secret';
  session = new Map();
  vi.stubGlobal('document', { baseURI: 'http://localhost:8765/', querySelector: () => (token === undefined ? null : { content: token }) });
  const sessionStorage = {
    getItem: (key: string) => session.get(key) ?? null,
    setItem: (key: string, text: string) => session.set(key, text),
    removeItem: (key: string) => session.delete(key),
  };
  vi.stubGlobal('window', { sessionStorage });
  vi.stubGlobal('sessionStorage', sessionStorage);
  vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
    expect(new Headers(init.headers).get('x-gilscope-token')).toBe('secret');
    const call = `${init.method ?? 'GET'} ${url.pathname}`;
    asked.push(`${call}${url.search}`);
    const answer = answers[call];
    if (!answer) throw new TypeError('no network');
    return answer(init, url);
  });
});
afterEach(() => void vi.useRealTimers());

const never = () => new Promise<never>(() => {});
const EVENTS = 'GET /api/runs/7/events';
const line = (number: number, said: object) => `${JSON.stringify({ number, said })}\n`;
const DONE = (number: number) => line(number, { type: 'report', report: report() });

/** A connection that brings these pieces, and then ends, breaks or stays silent. */
function pieces(texts: string[], after: 'end' | 'break' | 'silence' = 'end'): Response {
  const rest = texts.map((text) => new TextEncoder().encode(text));
  return new Response(
    new ReadableStream({
      pull(controller) {
        const piece = rest.shift();
        if (piece) return controller.enqueue(piece);
        if (after === 'end') return controller.close();
        if (after === 'break') return controller.error(new TypeError('network error'));
        return never();
      },
    }),
  );
}

/** Each connection in turn. */
function connections(...all: (Response | 'none')[]): void {
  answers[EVENTS] = () => {
    const next = all.shift() ?? 'none';
    if (next === 'none') throw new TypeError('no network');
    return next;
  };
}

/** What has come of a promise, once the clock has moved on. */
async function later<T>(coming: Promise<T>, ms: number): Promise<T> {
  coming.catch(() => {});
  await vi.advanceTimersByTimeAsync(ms);
  return coming;
}

describe('the companion', () => {
  test('is not asked by a page that it does not serve', async () => {
    token = undefined;
    expect([await hosts(), await runs()]).toEqual([[], []]);
    await expect(request('api/hosts')).rejects.toThrow('the native companion does not serve this page');
    expect(asked).toEqual([]);
  });

  test('gives its hosts, its runs and a place in its queue', async () => {
    answers['GET /api/hosts'] = () => Response.json([{ id: 'native' }]);
    answers['GET /api/runs'] = () => Response.json([{ id: '7' }]);
    answers['POST /api/runs'] = async ({ body }) => Response.json({ id: '8', ask: JSON.parse(String(body)) });
    expect(await hosts()).toEqual([{ id: 'native' }]);
    expect(await runs()).toEqual([{ id: '7' }]);
    expect(await begin({ host: 'native', experiment: experimentOf })).toMatchObject({ id: '8', ask: { host: 'native' } });
  });

  test('that refuses says why', async () => {
    answers['GET /api/hosts'] = () => new Response('wrong token', { status: 403 });
    const refused = request('api/hosts');
    await expect(refused).rejects.toBeInstanceOf(CompanionError);
    await expect(refused).rejects.toThrow('the native companion refused this (403): wrong token');
  });

  test.each([
    ['begin to answer', never],
    ['answer to the end', () => pieces([], 'silence')],
    ['say why it refuses', () => new Response(pieces([], 'silence').body, { status: 500 })],
  ] as [string, Answer][])('that does not %s is named', async (_, answer) => {
    answers['GET /api/hosts'] = answer;
    await expect(later(hosts(), 60_000)).rejects.toThrow('the native companion has not answered for 30 s; start it again');
  });
});

describe('a run on the companion', () => {
  test('is heard from its first line to its report', async () => {
    answers['POST /api/runs'] = () => Response.json({ id: '7' });
    connections(pieces([line(0, { type: 'queued', ahead: 2 }), line(1, { type: 'event', event: { type: 'ceiling' } }), DONE(2)]));
    const [onQueued, onTrace, onConnection] = [vi.fn(), vi.fn(), vi.fn()];
    expect(await runOnCompanion('native', experimentOf, { onQueued, onTrace, onConnection })).toEqual(report());
    expect(onQueued.mock.calls).toEqual([[2]]);
    expect(onTrace.mock.calls).toEqual([[{ type: 'ceiling' }]]);
    expect(onConnection).not.toHaveBeenCalled();
    expect(asked).toEqual(['POST /api/runs', 'GET /api/runs/7/events?from=0']);
  });

  test('comes in any pieces', async () => {
    const text = `\n${line(0, { type: 'event', event: { type: 'ceiling', text: 'ä→𝄞' } })}\n\n${DONE(1)}`;
    const bytes = [...new TextEncoder().encode(text)];
    const body = new ReadableStream({
      pull: (controller) => (bytes.length > 0 ? controller.enqueue(Uint8Array.from(bytes.splice(0, 3))) : controller.close()),
    });
    connections(new Response(body));
    const onTrace = vi.fn();
    expect(await follow('7', { onTrace })).toEqual(report());
    expect(onTrace.mock.calls).toEqual([[{ type: 'ceiling', text: 'ä→𝄞' }]]);
  });

  test('is asked for again from the line on that is missing, however the connection was lost', async () => {
    const event = (number: number) => line(number, { type: 'event', event: { type: 'ceiling', number } });
    connections(
      pieces([event(0), event(1), event(2).slice(0, 9)], 'break'),
      'none',
      pieces([event(2)], 'end'),
      pieces([event(3), DONE(4)]),
    );
    const [onTrace, onConnection] = [vi.fn(), vi.fn()];
    expect(await later(follow('7', { onTrace, onConnection }), 5_000)).toEqual(report());
    expect(asked).toEqual([0, 2, 2, 3].map((from) => `${EVENTS}?from=${from}`));
    expect(onTrace.mock.calls.map(([{ number }]) => number)).toEqual([0, 1, 2, 3]);
    expect(onConnection.mock.calls.flat()).toEqual(['lost', 'lost', 'back', 'lost', 'back']);
  });

  test('is asked for again less and less often', async () => {
    connections();
    const following = follow('7', {});
    following.catch(() => {});
    const times: number[] = [];
    const fetched = vi.mocked(vi.spyOn(globalThis, 'fetch'));
    fetched.mockImplementation(async () => {
      times.push(Date.now());
      throw new TypeError('no network');
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(times.slice(1).map((time, i) => time - times[i]!).slice(0, 7)).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000]);
  });

  test('is asked for again at once after every connection that it had', async () => {
    connections(...Array.from({ length: 6 }, (_, number) => pieces([line(number, { type: 'queued' })], 'break')), pieces([DONE(6)]));
    expect(await later(follow('7', {}), 6 * 250)).toEqual(report());
  });

  test('that falls silent is asked for again', async () => {
    connections(pieces([line(0, { type: 'queued' })], 'silence'), pieces([DONE(1)]));
    expect(await later(follow('7', {}), 31_000)).toEqual(report());
    expect(asked).toHaveLength(2);
  });

  test('that the companion refuses, or that fails there, is not asked for again', async () => {
    answers[EVENTS] = () => new Response('unknown', { status: 404 });
    await expect(later(follow('7', {}), 0)).rejects.toThrow('refused this (404): unknown');
    connections(pieces([line(0, { type: 'error', message: 'no such host' })]));
    await expect(later(follow('7', {}), 0)).rejects.toThrow('no such host');
    expect(asked).toHaveLength(2);
  });

  test('can have a worker killed', async () => {
    connections(pieces([], 'silence'));
    let kill!: (worker: number) => void;
    follow('7', { onKill: (of) => (kill = of) }).catch(() => {});
    kill(1);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toContain('DELETE /api/runs/7/workers/1');
  });
});

describe('a run that is cancelled', () => {
  const partial = (codes: string[]) => line(1, { type: 'report', report: report({ warnings: codes.map((code) => ({ code, text: '' })) as never }) });

  test('ends with what was measured before', async () => {
    const abort = new AbortController();
    let answer!: (text: string) => void;
    const body = new ReadableStream({ start: (controller) => void (answer = (text) => controller.enqueue(new TextEncoder().encode(text))) });
    connections(new Response(body));
    const running = follow('7', { signal: abort.signal });
    running.catch(() => {});
    await vi.advanceTimersByTimeAsync(0);
    abort.abort();
    answer(partial(['cancelled']));
    await expect(later(running, 0)).rejects.toMatchObject({ name: 'AbortError', report: { warnings: [{ code: 'cancelled' }] } });
    expect(asked).toContain('DELETE /api/runs/7');
  });

  test('is done all the same where it ended before it heard of that', async () => {
    const abort = new AbortController();
    connections(pieces([partial([])]));
    const running = follow('7', { signal: abort.signal });
    abort.abort();
    expect((await later(running, 0)).warnings).toEqual([]);
  });

  test('is not waited for longer than a moment', async () => {
    const abort = new AbortController();
    connections('none');
    const running = follow('7', { signal: abort.signal });
    running.catch(() => {});
    abort.abort();
    await expect(later(running, 20_000)).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('before it has begun ends once it does', async () => {
    const abort = new AbortController();
    let begun!: (response: Response) => void;
    answers['POST /api/runs'] = () => new Promise((resolve) => (begun = resolve));
    const running = runOnCompanion('native', experimentOf, { signal: abort.signal });
    running.catch(() => {});
    await vi.advanceTimersByTimeAsync(0);
    abort.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    begun(Response.json({ id: '7' }));
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual(['POST /api/runs', 'DELETE /api/runs/7']);
  });

  test('before it was asked for is not asked for', async () => {
    await expect(runOnCompanion('native', experimentOf, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect(asked).toEqual([]);
  });

  test('is ended as soon as the companion can be reached again, and not longer than it would go on', async () => {
    let down = true;
    answers['DELETE /api/runs/7'] = () => (down ? Promise.reject(new TypeError('no network')) : new Response());
    const ending = end('7');
    await vi.advanceTimersByTimeAsync(2_000);
    down = false;
    await later(ending, 10_000);
    const tries = asked.length;
    expect(tries).toBeGreaterThan(2);
    down = true;
    await later(end('7'), 120_000);
    const more = asked.length - tries;
    expect(more).toBeGreaterThan(5);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked.length - tries).toBe(more);
  });

  test('is not ended twice where it is over', async () => {
    answers['DELETE /api/runs/7'] = () => new Response('unknown', { status: 404 });
    await end('7');
    expect(asked).toEqual(['DELETE /api/runs/7']);
  });
});

describe('a run that a reload has interrupted', () => {
  test('is found again while the companion has it', async () => {
    connections(pieces([], 'silence'));
    follow('7', {}).catch(() => {});
    answers['GET /api/runs'] = () => Response.json([{ id: '6' }, { id: '7' }]);
    expect(await leftBehind()).toEqual({ id: '7' });
    answers['GET /api/runs'] = () => Response.json([{ id: '6' }]);
    expect(await leftBehind()).toBeUndefined();
  });

  test('is not offered once it has ended, or was cancelled', async () => {
    connections(pieces([DONE(0)]));
    await follow('7', {});
    expect(await leftBehind()).toBeUndefined();
    session.set('gilscope-run', '7');
    await end('7');
    expect(await leftBehind()).toBeUndefined();
    expect(asked).not.toContain('GET /api/runs');
  });
});
