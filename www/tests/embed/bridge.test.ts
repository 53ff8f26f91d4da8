import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Bridge } from '../../src/embed/bridge.ts';
import { eventually } from '../eventually.ts';
import { report } from '../sample.ts';

const HOST = 'https://host.example';
const gilscope = 'gilscope.embed/1';

/** A frame in the page of `HOST`. */
function frame() {
  const said: [message: { type: string; [more: string]: unknown }, to: string][] = [];
  const parent = { postMessage: (message: { type: string }, to: string) => said.push([message, to]) };
  const listeners: ((event: object) => void)[] = [];
  vi.stubGlobal('parent', parent);
  vi.stubGlobal('self', {});
  vi.stubGlobal('addEventListener', (_: string, listener: (event: object) => void) => listeners.push(listener));
  let resized = () => {};
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(changed: () => void) {
        resized = changed;
      }
      observe() {}
    },
  );
  const dataset: Record<string, string> = {};
  vi.stubGlobal('document', { documentElement: { dataset, getBoundingClientRect: () => ({ height: 700.2 }) } });
  const asked = { hello: vi.fn(), follow: vi.fn(), theme: vi.fn(), run: vi.fn(), cancel: vi.fn() };
  const bridge = new Bridge(asked);
  const hear = (data: unknown, { origin = HOST, source = parent }: { origin?: string; source?: unknown } = {}) =>
    listeners.forEach((listener) => listener({ origin, source, data }));
  const hello = (origin = HOST) => hear({ gilscope, type: 'hello', isolated: true }, { origin });
  const types = () => said.map(([{ type }]) => type);
  return { bridge, asked, said, hear, hello, types, dataset, resized: () => resized() };
}

describe('a frame', () => {
  test('is silent in no page', () => {
    const self = {};
    vi.stubGlobal('self', self);
    vi.stubGlobal('parent', self);
    const listen = vi.fn();
    vi.stubGlobal('addEventListener', listen);
    new Bridge({} as never);
    expect(listen).not.toHaveBeenCalled();
  });

  test('says nothing but that it is ready before it is greeted', () => {
    const { bridge, said, resized } = frame();
    resized();
    bridge.state({ phase: 'idle', status: '', progress: 0, rung: '1' });
    bridge.report(report());
    expect(said).toEqual([[{ gilscope, type: 'ready' }, '*']]);
  });

  test('speaks to the origin that greeted it first, and to no other', () => {
    const { said, asked, hear, hello, dataset, resized } = frame();
    hello();
    expect(said.at(-1)).toEqual([{ gilscope, type: 'size', height: 701 }, HOST]);
    expect([asked.hello.mock.calls, dataset.sized]).toEqual([[[true]], '']);
    hello('https://other.example');
    hear({ gilscope, type: 'cancel' }, { origin: 'https://other.example' });
    expect(asked.hello).toHaveBeenCalledTimes(1);
    expect(asked.cancel).not.toHaveBeenCalled();
    resized();
    expect(said.at(-1)![1]).toBe(HOST);
  });

  test('speaks to anyone where the page around has no name', () => {
    const { said, hello } = frame();
    hello('null');
    expect(said.at(-1)![1]).toBe('*');
  });

  test('does what the page around asks', () => {
    const { asked, hear, hello } = frame();
    hello();
    hear({ gilscope, type: 'follow', fragment: '#size=7' });
    for (const theme of ['auto', 'light', 'dark']) hear({ gilscope, type: 'theme', theme });
    hear({ gilscope, type: 'cancel' });
    expect(asked.follow.mock.calls).toEqual([['#size=7']]);
    expect(asked.theme.mock.calls).toEqual([['auto'], ['light'], ['dark']]);
    expect(asked.cancel).toHaveBeenCalledTimes(1);
  });

  test('hears nothing from other windows, and nothing before the greeting', () => {
    const { asked, hear, hello } = frame();
    hear({ gilscope, type: 'cancel' });
    hello();
    hear({ gilscope, type: 'cancel' }, { source: {} });
    expect(asked.cancel).not.toHaveBeenCalled();
  });

  test.each([
    null,
    'run',
    7,
    [],
    {},
    { type: 'run', id: 1 },
    { gilscope: 'gilscope.embed/2', type: 'run', id: 1 },
    { gilscope, type: 'run' },
    { gilscope, type: 'run', id: '1' },
    { gilscope, type: 'theme', theme: 'red' },
    { gilscope, type: 'follow' },
    { gilscope, type: 'follow', fragment: 'javascript:0' },
    { gilscope, type: 'follow', fragment: `#${'x'.repeat(100_000)}` },
    { gilscope, type: 'hello', isolated: 'yes' },
    { gilscope, type: 'more' },
  ])('does not mind what has no shape: %j', (data) => {
    const { asked, hear, hello } = frame();
    hello();
    hear(data);
    const { hello: greeted, ...others } = asked;
    expect(greeted).toHaveBeenCalledTimes(1);
    for (const ask of Object.values(others)) expect(ask).not.toHaveBeenCalled();
  });

  test('tells its state only when it has changed', () => {
    const { bridge, hello, types } = frame();
    hello();
    const idle = { phase: 'idle', status: '', progress: 0, rung: '1' } as const;
    bridge.state(idle);
    bridge.state({ ...idle });
    bridge.state({ ...idle, progress: 0.5 });
    expect(types().filter((type) => type === 'state')).toHaveLength(2);
  });

  test('answers each run with its report, or with what went wrong', async () => {
    const { asked, said, hear, hello } = frame();
    hello();
    const [first, partial] = [report(), report({ version: 'partial' })];
    asked.run.mockResolvedValueOnce(first);
    asked.run.mockRejectedValueOnce(Object.assign(new Error('no'), { name: 'AbortError', report: partial }));
    asked.run.mockRejectedValueOnce(new Error('none'));
    for (const id of [1, 2, 3]) hear({ gilscope, type: 'run', id });
    await eventually(() => expect(said).toHaveLength(5));
    expect(said.slice(2).map(([message]) => message)).toEqual([
      { gilscope, type: 'ran', id: 1, report: first },
      { gilscope, type: 'failed', id: 2, name: 'AbortError', message: 'no', report: partial },
      { gilscope, type: 'failed', id: 3, name: 'Error', message: 'none' },
    ]);
  });
});

describe('the turn', () => {
  let of: ReturnType<typeof frame>;
  beforeEach(() => {
    of = frame();
    of.hello();
  });

  test('is asked for, had when the page around gives it, and given back', async () => {
    const onQueued = vi.fn();
    const turn = of.bridge.turn({ onQueued });
    expect(of.types().at(-1)).toBe('queue');
    of.hear({ gilscope, type: 'queued' });
    expect(onQueued).toHaveBeenCalledTimes(1);
    of.hear({ gilscope, type: 'turn' });
    const giveBack = await turn;
    expect(of.types().at(-1)).toBe('queue');
    giveBack();
    expect(of.types().at(-1)).toBe('over');
  });

  test('is not waited for any more when the run is cancelled', async () => {
    const abort = new AbortController();
    const turn = of.bridge.turn({ signal: abort.signal });
    abort.abort();
    await expect(turn).rejects.toBe(abort.signal.reason);
    expect(of.types().at(-1)).toBe('over');
  });

  test('is given back only by the run that has it', async () => {
    const abort = new AbortController();
    const turn = of.bridge.turn({ signal: abort.signal });
    of.hear({ gilscope, type: 'turn' });
    await turn;
    abort.abort();
    expect(of.types().filter((type) => type === 'over')).toEqual([]);
  });

  test('that no run waits for is ignored', () => {
    of.hear({ gilscope, type: 'turn' });
    of.hear({ gilscope, type: 'queued' });
    expect(of.types()).toEqual(['ready', 'size']);
  });
});
