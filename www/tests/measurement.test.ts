import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type CompanionOptions, endOnCompanion, type Event, pickUp, type PlannedRun, type Report, runIn } from '../src/host/index.ts';
import { measured } from '../src/measured.ts';
import { explain, Measurement } from '../src/measurement.ts';
import type { Point } from '../src/whole.ts';
import type { HostId } from '../src/words.ts';
import { eventually } from './eventually.ts';
import { experiment, report, run } from './sample.ts';

vi.mock('../src/host/index.ts', () => ({ runIn: vi.fn(), pickUp: vi.fn(), endOnCompanion: vi.fn(async () => {}) }));

/** A run on a host that the test makes go on. */
interface Going {
  host: HostId;
  options: CompanionOptions;
  tell(event: object): void;
  end(report: Report): void;
  fail(error: unknown): void;
}

let going: Going[];
const current = () => going.at(-1)!;

beforeEach(() => {
  going = [];
  measured.clear();
  vi.spyOn(performance, 'now').mockReturnValue(0);
  vi.mocked(endOnCompanion).mockClear();
  const begin = (host: HostId, options: CompanionOptions) =>
    new Promise<Report>((end, fail) => {
      going.push({ host, options, tell: (event) => options.onTrace!(event as Event), end, fail });
      // As the hosts do it.
      options.signal!.addEventListener('abort', () => fail(Object.assign(new DOMException('cancelled', 'AbortError'))));
    });
  vi.mocked(runIn).mockImplementation((host, _, options) => begin(host, options!));
  vi.mocked(pickUp).mockImplementation((id, options) => begin(`cpython-${id}`, options));
});

const planned = (model: string, point?: object): PlannedRun => ({ model, workers: model === 'serial' ? 1 : 2, beside: 0, ...(point && { point }) }) as PlannedRun;

async function started(of: Parameters<typeof experiment>[0] = {}, hosts: HostId[] = ['browser']) {
  const [changed, painted] = [vi.fn(), vi.fn()];
  const measurement = new Measurement(changed, painted);
  const running = measurement.start(experiment(of), hosts, Promise.resolve());
  await eventually(() => expect(going).toHaveLength(1));
  return { measurement, running, changed, painted };
}

const begin = (more: object = {}) => ({ type: 'begin', host: {}, experiment: experiment(), runs: [planned('serial'), planned('threads')], ...more });
const roundStart = (more: object = {}) => ({ type: 'round-start', round: 0, rounds: 4, warmup: true, now_us: 100, ...more });

describe('a measurement', () => {
  test('goes from starting to its report', async () => {
    const { measurement, running, changed } = await started();
    expect([measurement.phase, measurement.status, measurement.shown.map(({ model }) => model)]).toEqual(['running', 'starting', ['serial', 'threads']]);
    const of = report({ host: { ...report().host, ceiling: { 2: 1.9 } } });
    current().end(of);
    await running;
    expect([measurement.phase, measurement.status, measurement.progress, measurement.error]).toEqual(['done', 'finished', 1, '']);
    expect([measurement.reports.get('browser'), measured.get('browser')]).toEqual([of, of]);
    expect(measurement.shown.map(({ run }) => run)).toEqual([undefined, of.runs[0]]);
    expect(measurement.ceiling('browser', 2)).toBe(1.9);
    expect(changed).toHaveBeenCalled();
  });

  test('on two hosts runs on one after the other, and each has its own figures', async () => {
    const { measurement, running } = await started({}, ['browser', 'native']);
    const of = (answer: string, ceiling: number) => report({ host: { ...report().host, ceiling: { 2: ceiling } }, runs: [run({ answer })] });
    current().end(of('here', 1.9));
    await eventually(() => expect(going).toHaveLength(2));
    expect(current().host).toBe('native');
    current().end(of('there', 1.5));
    await running;
    expect([...measurement.reports.keys()]).toEqual(['browser', 'native']);
    expect([measurement.ceiling('browser', 2), measurement.ceiling('native', 2)]).toEqual([1.9, 1.5]);
    const threads = measurement.shown.filter(({ model }) => model === 'threads');
    expect(threads.map(({ host, run }) => [host, run!.answer])).toEqual([
      ['browser', 'here'],
      ['native', 'there'],
    ]);
  });

  test('that is cancelled is no error', async () => {
    const { measurement, running } = await started();
    measurement.cancel();
    expect(measurement.status).toBe('cancelling');
    await running;
    expect([measurement.phase, measurement.status, measurement.error, measurement.reports.size]).toEqual(['cancelled', 'cancelled', '', 0]);
  });

  test('that is cancelled keeps what was measured before', async () => {
    const { measurement, running } = await started({}, ['browser', 'native']);
    current().fail(Object.assign(new DOMException('cancelled', 'AbortError'), { report: report() }));
    await running;
    expect([measurement.phase, measurement.reports.get('browser'), going.length]).toEqual(['cancelled', report(), 1]);
  });

  test('that fails says why', async () => {
    const { measurement, running } = await started();
    current().tell(roundStart({ run: 1 }));
    current().fail(new Error('no memory'));
    await running;
    expect([measurement.phase, measurement.status, measurement.error]).toEqual(['error', 'failed', 'no memory']);
    expect(measurement.active).toBeUndefined();
  });

  test('waits for the parts of the page, and can be cancelled meanwhile', async () => {
    const measurement = new Measurement(() => {}, () => {});
    const running = measurement.start(experiment(), ['browser'], new Promise(() => {}));
    measurement.cancel();
    await running;
    expect([measurement.phase, going.length]).toEqual(['cancelled', 0]);
  });

  test('ends a run it was to pick up when the page cannot load', async () => {
    const measurement = new Measurement(() => {}, () => {});
    await measurement.start(experiment(), ['native'], Promise.reject(new Error('a part is missing')), '7');
    expect(measurement.error).toBe('a part is missing');
    expect(vi.mocked(endOnCompanion).mock.calls).toEqual([['7']]);
  });

  test('picks up a run that is already under way', async () => {
    const measurement = new Measurement(() => {}, () => {});
    const running = measurement.start(experiment(), ['native'], Promise.resolve(), '7');
    await eventually(() => expect(going).toHaveLength(1));
    expect(current().host).toBe('cpython-7');
    current().end(report());
    await running;
    expect(measurement.phase).toBe('done');
  });

  test('offers to kill workers only while it runs', async () => {
    const { measurement, running } = await started();
    const kill = vi.fn();
    current().options.onKill!(kill);
    expect(measurement.kill).toBe(kill);
    current().end(report());
    await running;
    expect(measurement.kill).toBeUndefined();
  });

  test('forgets all for another lab', async () => {
    const { measurement, running } = await started();
    current().fail(new Error('no memory'));
    await running;
    measurement.reset();
    expect(measurement).toMatchObject({ phase: 'idle', error: '', status: '', progress: 0 });
  });
});

describe('what a reader hears', () => {
  test('is which round it is, and what is measured', async () => {
    const { measurement } = await started();
    current().tell(begin());
    current().tell({ type: 'starting', run: 1, workers: 2, now_us: 0 });
    expect(measurement.detail).toBe('threads, 2 workers: being started and warmed up');
    expect(measurement.active!.round!.kind).toBe('start-up');
    current().tell(roundStart({ run: 0 }));
    expect([measurement.status, measurement.detail, measurement.progress]).toEqual(['warm-up round 1 of 1', 'serial, 1 worker', 0]);
    expect(measurement.active!.round!.kind).toBe('warm-up');
    current().tell(roundStart({ run: 1, round: 3, warmup: false }));
    expect([measurement.status, measurement.detail, measurement.progress]).toEqual(['round 3 of 3', 'threads, 2 workers', 0.75]);
    current().tell({ type: 'starting', workers: 2, now_us: 0 });
    expect(measurement.detail).toBe('the ceiling, 2 workers: being started and warmed up');
    current().tell(roundStart());
    expect(measurement.detail).toBe('the ceiling: bare workers');
  });

  test('is where, if that is not clear', async () => {
    const { measurement } = await started({}, ['browser', 'native']);
    current().tell(roundStart({ run: 0 }));
    expect(measurement.status).toBe('warm-up round 1 of 1, in the browser');
    current().end(report());
    await eventually(() => expect(going).toHaveLength(2));
    current().tell(roundStart({ run: 0, round: 2, warmup: false }));
    expect([measurement.status, measurement.progress]).toEqual(['round 2 of 3, natively', 0.75]);
  });

  test('is which point it is, and how far all of them are', async () => {
    const sweep: Point[] = [{ size: '10' }, { size: '20', runs: '1' }];
    const { measurement } = await started({ sweep });
    current().tell(begin({ experiment: experiment({ sweep }), runs: [planned('serial', sweep[0]), planned('serial', sweep[1])] }));
    current().tell(roundStart({ run: 1, round: 1, rounds: 2, warmup: false }));
    expect([measurement.point, measurement.status, measurement.detail]).toEqual([1, 'point 2 of 2', 'serial, 1 worker, round 1 of 1']);
    expect(measurement.progress).toBe(0.75);
  });

  test('is why nothing is heard', async () => {
    const { measurement } = await started();
    expect(measurement.hindrance).toBe('');
    for (const [ahead, words] of [
      [1, 'waiting for its turn: 1 run is ahead'],
      [3, 'waiting for its turn: 3 runs are ahead'],
      [undefined, 'waiting for its turn: another run goes on'],
    ] as const) {
      current().options.onQueued!(ahead);
      expect(measurement.hindrance).toBe(words);
    }
    current().options.onConnection!('lost');
    expect(measurement.hindrance).toBe('connection lost, trying again…');
    current().options.onConnection!('back');
    expect(measurement.hindrance).toBe('waiting for its turn: another run goes on');
    current().tell(begin());
    expect(measurement.hindrance).toBe('');
  });

  test('has no hindrance once it has ended', async () => {
    const { measurement, running } = await started();
    current().options.onQueued!(2);
    current().options.onConnection!('lost');
    current().fail(new Error('gone'));
    await running;
    expect(measurement.hindrance).toBe('');
  });
});

describe('while it runs', () => {
  test('a track has what its workers do, and the axis grows with it', async () => {
    const { measurement } = await started();
    current().tell(begin());
    current().tell(roundStart({ run: 1, warmup: false, now_us: 1000 }));
    const track = measurement.active!;
    current().tell({ type: 'trace', run: 1, worker: 1, now_us: 1500, transitions: [{ at_us: 1200, state: 'running', unlocked: false, work: 0 }] });
    expect(track.round!.rows[1]!.at_us).toEqual([1000, 1200]);
    current().tell({ type: 'round-end', run: 1, round: 1, warmup: false, start_us: 1000, end_us: 5_001_000, speedup: 1.1 });
    expect([track.elapsed_us, track.speedup, measurement.active]).toEqual([5e6, 1.1, undefined]);
    current().tell(roundStart({ run: 0, round: 2 }));
    expect(measurement.scale.length_us).toBe(6e6);
  });

  test('a round that does not end is cut short', async () => {
    const { measurement, running } = await started();
    current().tell(begin());
    current().tell(roundStart({ run: 1, warmup: false }));
    const { round } = measurement.active!;
    current().fail(new Error('gone'));
    await running;
    expect(round!.kind).toBe('cut-short');
  });

  test('the host says which tracks there are, and others keep theirs', async () => {
    const { measurement } = await started({}, ['browser', 'native']);
    current().tell(begin({ runs: [planned('processes')] }));
    expect(measurement.tracks.map(({ host, model }) => `${host} ${model}`)).toEqual(['browser processes', 'native serial', 'native threads']);
  });

  test('tasks are painted, deaths and warnings kept, and the lock of messages noticed', async () => {
    const { measurement, painted } = await started();
    current().tell(begin({ host: { lock: 'messages' } }));
    const task = { type: 'task', run: 1, worker: 0, task: 3, counts: [] };
    current().tell(task);
    current().tell({ type: 'death', run: 1, worker: 1, cause: 'killed', tasks: [3], now_us: 5 });
    current().tell({ type: 'warning', code: 'hidden-tab', text: 'it was hidden' });
    expect(painted.mock.calls).toEqual([[task]]);
    expect(measurement.shown[1]!.lastDeath).toMatchObject({ worker: 1, cause: 'killed' });
    expect(measurement.warnings).toEqual([{ code: 'hidden-tab', text: 'it was hidden' }]);
    expect(measurement.lockOverMessages).toBe(true);
  });

  test('the ceiling is the latest, and that of each point its own', async () => {
    const sweep: Point[] = [{ size: '10' }, { size: '20' }];
    const { measurement } = await started({ sweep });
    current().tell(begin({ experiment: experiment({ sweep }), runs: sweep.map((point) => planned('threads', point)) }));
    current().tell({ type: 'ceiling', workers: 2, speedup: 1.5 });
    current().tell({ type: 'ceiling', workers: 2, speedup: 1.8 });
    current().tell({ type: 'ceiling', workers: 4, speedup: 3 });
    expect([measurement.ceiling('browser', 2), measurement.ceiling('browser', 4), measurement.ceiling('native', 2)]).toEqual([1.8, 3, undefined]);
    current().tell(roundStart({ run: 1 }));
    expect([measurement.point, measurement.ceilings]).toEqual([1, []]);
  });

  test('the run’s clock is that of the event that took the least time to come', async () => {
    const { measurement } = await started();
    current().tell(begin());
    const now = vi.mocked(performance.now);
    for (const [at_ms, now_us] of [[10, 9_000], [20, 19_900], [30, 25_000]] as const) {
      now.mockReturnValue(at_ms);
      current().tell({ type: 'starting', run: 0, workers: 1, now_us });
    }
    now.mockReturnValue(40);
    expect(measurement.now_us()).toBeCloseTo(39_900);
  });
});

describe('after it', () => {
  const trace = (...ends: number[]) => ({ workers: 2, tracks: [], samples: ends.map((end_us) => ({ start_us: 0, end_us })) });

  test('any measured round that all lanes have can be shown', async () => {
    const { measurement, running } = await started();
    current().end(report({ runs: [run({ model: 'serial', workers: 1 }), run()], trace: [{ ...trace(10, 20, 30), model: 'serial', workers: 1 }, { ...trace(40, 50), model: 'threads' }] as never }));
    await running;
    expect([measurement.rounds, measurement.round]).toEqual([2, 1]);
    expect(measurement.shown.map(({ round }) => round!.end_us)).toEqual([20, 50]);
    expect(measurement.scale.length_us).toBe(60);
    measurement.showRound(0);
    expect(measurement.shown.map(({ round }) => round!.end_us)).toEqual([10, 40]);
    expect(measurement.scale.length_us).toBe(50);
  });

  test('each point has its own run', async () => {
    const sweep: Point[] = [{ size: '10' }, { size: '20' }];
    const { measurement, running } = await started({ sweep, models: ['threads'] });
    const runs = [run({ point: 1, answer: 'second' }), run({ point: 0, answer: 'first' })];
    current().end(report({ experiment: experiment({ sweep, models: ['threads'] }), runs }));
    await running;
    measurement.show(0);
    expect(measurement.shown.map(({ run }) => run!.answer)).toEqual(['first']);
    measurement.show(1);
    expect(measurement.shown.map(({ run }) => run!.answer)).toEqual(['second']);
  });

  test('another plan takes the place of what was measured', async () => {
    const { measurement, running } = await started();
    current().end(report());
    await running;
    measurement.plan(experiment({ models: ['processes'] }), ['native']);
    expect([measurement.reports.size, measurement.ceilings, measurement.tracks.map(({ model }) => model)]).toEqual([0, [], ['processes']]);
  });

  test('reports that were measured before can be shown', () => {
    const measurement = new Measurement(() => {}, () => {});
    measurement.recall(new Map());
    expect(measurement.phase).toBe('loading');
    measurement.recall(new Map([['native' as const, report()]]));
    expect([measurement.phase, measurement.status, measurement.hosts, measurement.shown[1]!.run]).toEqual(['done', 'measured before', ['native'], report().runs[0]]);
  });
});

test('whatever is thrown is explained', () => {
  expect([new Error('a'), { message: 'b' }, 'c', undefined].map(explain)).toEqual(['a', 'b', 'c', 'undefined']);
});
