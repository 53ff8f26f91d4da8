import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { report } from '../sample.ts';

const gilscope = 'gilscope.embed/1';
const SITE = 'https://site.example';

type Sent = { type: string; [more: string]: unknown };

/** A page around, with as many frames as it makes. */
async function page() {
  // The queue of frames is one of the page.
  vi.resetModules();
  const { Frame } = await import('../../src/embed/frame.ts');
  const listeners = new Map<string, Set<(event: object) => void>>();
  const listen = (type: string, listener: (event: object) => void) => void listeners.set(type, (listeners.get(type) ?? new Set()).add(listener));
  const unlisten = (type: string, listener: (event: object) => void) => void listeners.get(type)?.delete(listener);
  const fire = (type: string, event: object) => listeners.get(type)?.forEach((listener) => listener(event));
  vi.stubGlobal('addEventListener', listen);
  vi.stubGlobal('removeEventListener', unlisten);
  vi.stubGlobal('crossOriginIsolated', true);
  const sent: [Sent, string][][] = [];
  vi.stubGlobal('document', {
    addEventListener: listen,
    removeEventListener: unlisten,
    createElement: () => {
      const own: [Sent, string][] = [];
      sent.push(own);
      return { contentWindow: { postMessage: (message: Sent, to: string) => own.push([message, to]) }, remove: vi.fn() };
    },
  });
  const make = () => {
    const heard = { sized: vi.fn(), state: vi.fn(), report: vi.fn(), ready: vi.fn(), lost: vi.fn() };
    const frame = new Frame(new URL(`${SITE}/embed.html#lab=race`), 'a lab', heard);
    const own = sent.at(-1)!;
    const says = (message: object, { origin = SITE, source = frame.element.contentWindow as unknown } = {}) =>
      fire('message', { origin, source, data: { gilscope, ...message } });
    const types = () => own.map(([{ type }]) => type);
    return { frame, heard, sent: own, says, types, lastRun: () => own.map(([message]) => message).findLast(({ type }) => type === 'run')!.id };
  };
  return { make, fire, listeners };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a frame', () => {
  test('passes the isolation of the page on', async () => {
    const { frame } = (await page()).make();
    expect(frame.element).toMatchObject({ src: `${SITE}/embed.html#lab=race`, title: 'a lab', allow: 'cross-origin-isolated', referrerPolicy: 'no-referrer' });
  });

  test('gets what was sent before it was ready, after the greeting, and to its own origin', async () => {
    const { frame, sent, says, heard } = (await page()).make();
    frame.send({ type: 'theme', theme: 'dark' });
    expect(sent).toEqual([]);
    says({ type: 'ready' });
    frame.send({ type: 'cancel' });
    expect(sent.map(([{ type }]) => type)).toEqual(['hello', 'theme', 'cancel']);
    expect(sent[0]).toEqual([{ gilscope, type: 'hello', isolated: true }, SITE]);
    expect(heard.ready).toHaveBeenCalledTimes(1);
  });

  test('tells its size, its state and its reports', async () => {
    const { says, heard } = (await page()).make();
    says({ type: 'size', height: 700 });
    says({ type: 'state', state: { phase: 'idle' } });
    says({ type: 'report', report: report() });
    expect(heard.sized.mock.calls).toEqual([[700]]);
    expect(heard.state.mock.calls).toEqual([[{ phase: 'idle' }]]);
    expect(heard.report.mock.calls).toEqual([[report()]]);
  });

  test('is heard from its own window and origin alone', async () => {
    const { says, heard } = (await page()).make();
    says({ type: 'size', height: 700 }, { source: {} });
    says({ type: 'size', height: 700 }, { origin: 'https://other.example' });
    expect(heard.sized).not.toHaveBeenCalled();
  });

  test.each([
    { type: 'size', height: '700' },
    { type: 'state', state: null },
    { type: 'state' },
    { type: 'report', report: 'x' },
    { type: 'report', gilscope: 'gilscope.embed/2', report: {} },
    { type: 'more' },
  ])('is not heard where what it says has no shape: %j', async (message) => {
    const { says, heard } = (await page()).make();
    says(message);
    for (const listener of Object.values(heard)) expect(listener).not.toHaveBeenCalled();
  });
});

describe('a run', () => {
  test('ends with the report or the error that has its number', async () => {
    const { frame, says, lastRun } = (await page()).make();
    says({ type: 'ready' });
    const first = frame.run();
    const id = lastRun();
    const second = frame.run();
    says({ type: 'failed', id: lastRun(), name: 'TypeError', message: 'no' });
    says({ type: 'ran', id, report: report({ version: 'mine' }) });
    await expect(second).rejects.toThrow('no');
    expect((await first).version).toBe('mine');
    // A second answer, or one with an unknown number, changes nothing.
    says({ type: 'ran', id, report: report() });
    says({ type: 'ran', id: 99, report: report() });
  });

  test('that was cancelled rejects with an AbortError and what was measured', async () => {
    const { frame, says, lastRun } = (await page()).make();
    says({ type: 'ready' });
    const run = frame.run();
    says({ type: 'failed', id: lastRun(), name: 'AbortError', message: 'cancelled', report: report() });
    await expect(run).rejects.toMatchObject({ name: 'AbortError', message: 'cancelled', report: report() });
  });

  test('does not outlive its frame', async () => {
    const { make, listeners } = await page();
    const { frame, says } = make();
    says({ type: 'ready' });
    const run = frame.run();
    frame.close();
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect([...listeners.values()].map(({ size }) => size)).toEqual([0, 0]);
    expect(frame.element.remove).toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('ends when the frame is loaded anew', async () => {
    const { frame, says } = (await page()).make();
    says({ type: 'ready' });
    const run = frame.run();
    says({ type: 'ready' });
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('waits for a frame that is not ready yet', async () => {
    const { frame, says, lastRun } = (await page()).make();
    const run = frame.run();
    says({ type: 'ready' });
    says({ type: 'ran', id: lastRun(), report: report() });
    expect(await run).toEqual(report());
  });
});

describe('a frame that does not load', () => {
  test('is given up after a while, with the reason', async () => {
    const { frame, heard } = (await page()).make();
    const run = frame.run();
    run.catch(() => {});
    vi.advanceTimersByTime(19_999);
    expect(heard.lost).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    const why = `gilscope-lab: the frame does not load: it said nothing for 20 s; is ${SITE} there?`;
    expect(heard.lost.mock.calls).toEqual([[why]]);
    await expect(run).rejects.toThrow(why);
    await expect(frame.run()).rejects.toThrow(why);
  });

  test('works once it answers after all', async () => {
    const { frame, says, lastRun } = (await page()).make();
    vi.advanceTimersByTime(20_000);
    says({ type: 'ready' });
    const run = frame.run();
    says({ type: 'ran', id: lastRun(), report: report() });
    expect(await run).toEqual(report());
  });

  test('because of the page’s own policy says so at once', async () => {
    const { make, fire } = await page();
    const { heard } = make();
    fire('securitypolicyviolation', { blockedURI: SITE, effectiveDirective: 'img-src' });
    fire('securitypolicyviolation', { blockedURI: 'https://other.example', effectiveDirective: 'frame-src' });
    expect(heard.lost).not.toHaveBeenCalled();
    fire('securitypolicyviolation', { blockedURI: `${SITE}/embed.html`, effectiveDirective: 'frame-src' });
    expect(heard.lost.mock.calls[0]![0]).toContain(`add ${SITE} to its frame-src`);
    vi.advanceTimersByTime(60_000);
    expect(heard.lost).toHaveBeenCalledTimes(1);
  });

  test('is not given up when it was ready in time', async () => {
    const { make, fire } = await page();
    const { says, heard } = make();
    says({ type: 'ready' });
    vi.advanceTimersByTime(60_000);
    fire('securitypolicyviolation', { blockedURI: SITE, effectiveDirective: 'frame-src' });
    expect(heard.lost).not.toHaveBeenCalled();
  });
});

describe('frames of one page', () => {
  async function three() {
    const { make } = await page();
    const all = [make(), make(), make()];
    for (const { says } of all) says({ type: 'ready' });
    const answers = () => all.map(({ types }) => types().filter((type) => type === 'turn' || type === 'queued'));
    return { all, answers };
  }

  test('take turns in the order in which they ask', async () => {
    const { all, answers } = await three();
    for (const { says } of all) says({ type: 'queue' });
    expect(answers()).toEqual([['turn'], ['queued'], ['queued']]);
    all[0]!.says({ type: 'over' });
    expect(answers()).toEqual([['turn'], ['queued', 'turn'], ['queued']]);
    all[1]!.says({ type: 'over' });
    expect(answers()).toEqual([['turn'], ['queued', 'turn'], ['queued', 'turn']]);
    all[2]!.says({ type: 'over' });
    all[2]!.says({ type: 'over' });
    all[0]!.says({ type: 'queue' });
    expect(answers()[0]).toEqual(['turn', 'turn']);
  });

  test('may leave the queue', async () => {
    const { all, answers } = await three();
    for (const { says } of all) says({ type: 'queue' });
    // The second time it is in no queue.
    for (let i = 0; i < 2; i++) all[1]!.says({ type: 'over' });
    expect(answers()).toEqual([['turn'], ['queued'], ['queued']]);
    all[0]!.says({ type: 'over' });
    expect(answers()).toEqual([['turn'], ['queued'], ['queued', 'turn']]);
  });

  test('pass the turn on when the one that has it goes, or is loaded anew', async () => {
    const { all, answers } = await three();
    for (const { says } of all) says({ type: 'queue' });
    all[0]!.frame.close();
    expect(answers()[1]).toEqual(['queued', 'turn']);
    all[1]!.says({ type: 'ready' });
    expect(answers()[2]).toEqual(['queued', 'turn']);
  });
});
