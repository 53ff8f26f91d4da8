import { describe, expect, test } from 'vitest';
import type { PlannedRun, State } from '../src/host/index.ts';
import { Track } from '../src/live.ts';
import { plannedTracks, tracksOf } from '../src/plan.ts';
import { LOOKS } from '../src/timeline/looks.ts';
import type { Point } from '../src/whole.ts';
import { experiment } from './sample.ts';

const planned = (of: Partial<PlannedRun> = {}): PlannedRun => ({ model: 'threads', workers: 2, beside: 0, ...of });
const at = (at_us: number, state: State) => [{ at_us, state, unlocked: false, work: 0 }];
const shown = ({ round }: Track) => round!.rows.map((row) => LOOKS[row.codes.at(-1)!]);

describe('a track', () => {
  test('begins a round with the states of the last one', () => {
    const track = new Track('browser', planned({ beside: 1 }));
    track.begin(100, 'measured');
    expect(shown(track)).toEqual(['idle', 'idle', 'idle']);
    track.add(1, at(110, 'waiting'), 120);
    track.add(1, [], 130);
    track.begin(200, 'measured');
    expect(shown(track)).toEqual(['idle', 'waiting', 'idle']);
  });

  test('keeps states reported between rounds', () => {
    const track = new Track('browser', planned());
    track.add(0, at(10, 'blocked'), 20);
    track.begin(100, 'measured');
    expect(shown(track)).toEqual(['blocked', 'idle']);
  });

  test('has the time of any round, and the speed-up of measured ones', () => {
    const track = new Track('browser', planned());
    track.end(0, 50, 1);
    expect(track.elapsed_us).toBeUndefined();
    track.begin(100, 'warm-up');
    track.end(105, 155, 1.5);
    expect([track.elapsed_us, track.speedup, track.round!.start_us]).toEqual([50, undefined, 105]);
    track.begin(200, 'measured');
    track.end(205, 295, 1.25);
    expect([track.elapsed_us, track.speedup, track.round!.end_us]).toEqual([90, 1.25, 295]);
  });

  test('shows the rounds of a trace, and the last one that was heard where there is none', () => {
    const track = new Track('browser', planned());
    track.begin(100, 'measured');
    const heard = track.round;
    track.show(0);
    expect(track.round).toBe(heard);
    track.trace = { model: 'threads', tracks: [], samples: [{ start_us: 1, end_us: 2 }, { start_us: 5, end_us: 9 }] } as never;
    track.show(1);
    expect([track.round!.start_us, track.round!.end_us]).toEqual([5, 9]);
    track.show(2);
    expect(track.round).toBeUndefined();
  });

  test('has a name that tells it from others', () => {
    expect(new Track('browser', planned()).name(false)).toBe('2 workers');
    expect(new Track('native', planned({ workers: 1, beside: 1 })).name(true)).toBe('natively, 1 worker, and 1 that computes beside');
    expect(new Track('native', planned({ beside: 2 })).name(false)).toBe('2 workers, and 2 that compute beside');
    expect([new Track('native', planned()).id(true), new Track('native', planned()).id(false)]).toEqual(['threads', 'threads-native-2']);
  });

  test('has a lock only for threads', () => {
    expect([new Track('browser', planned()).hasLock, new Track('browser', planned({ model: 'free-threads' })).hasLock]).toEqual([true, false]);
  });
});

describe('the tracks of an experiment', () => {
  const shape = (tracks: Track[]) => tracks.map(({ model, workers, beside, point }) => [model, workers, beside, point]);

  test('are each model with each number of workers, and one of what works alone', () => {
    const of = experiment({ models: ['serial', 'threads', 'event-loop', 'free-threads'], workers: [1, 2], background: 1 });
    expect(shape(plannedTracks(of, 'browser'))).toEqual([
      ['serial', 1, 0, 0],
      ['threads', 1, 1, 0],
      ['threads', 2, 1, 0],
      ['event-loop', 1, 0, 0],
      ['free-threads', 1, 0, 0],
      ['free-threads', 2, 0, 0],
    ]);
  });

  test('are those of every point of a sweep', () => {
    const sweep: Point[] = [{ size: '10' }, { model: 'processes,threads', workers: '4', background: '2' }];
    expect(shape(plannedTracks(experiment({ models: ['serial'], sweep }), 'native'))).toEqual([
      ['serial', 1, 0, 0],
      ['processes', 4, 2, 1],
      ['threads', 4, 2, 1],
    ]);
  });

  test('are those that the host says, each at its point', () => {
    const sweep: Point[] = [{ size: '10' }, { size: '20' }];
    const runs = [planned({ point: { size: '20' } as never }), planned({ point: { size: '10' } as never, unavailable: 'no memory' }), planned({ point: { size: '30' } as never })];
    const tracks = tracksOf(runs, experiment({ sweep }), 'browser');
    expect(tracks.map(({ point, unavailable }) => [point, unavailable])).toEqual([[1, undefined], [0, 'no memory'], [0, undefined]]);
  });
});
