import { describe, expect, test } from 'vitest';
import { Inspector, inWords } from '../../src/timeline/inspector.ts';
import { moveByKey } from '../../src/timeline/keys.ts';
import { codeOf, RUNNING, WAITING } from '../../src/timeline/looks.ts';
import { Round } from '../../src/timeline/round.ts';
import { Scale } from '../../src/timeline/scale.ts';

const IDLE = codeOf('idle', false);

/** Two threads from 1,000 to 1,100 µs: worker 0 runs until 1,040 and has to let go, then worker 1 runs until 1,090. */
function ended(): Round {
  const round = new Round(1000, 'measured', [], true);
  const fill = (spans: [at_us: number, code: number, task?: number][]) => {
    const row = round.rows[round.rows.push(new Round(0, 'start-up', ['idle'], false).rows[0]!) - 1]!;
    for (const span of spans) row.put(...span);
    row.known_us = 1100;
  };
  fill([[1000, RUNNING, 0], [1040, WAITING, 0]]);
  fill([[1000, WAITING], [1040, RUNNING, 1], [1090, IDLE]]);
  round.end_us = 1100;
  round.followLock();
  return round;
}

function inspecting(): Inspector {
  const inspector = new Inspector();
  inspector.follow(ended());
  return inspector;
}

const [LOCK, FIRST, SECOND] = [0, 1, 2];

describe('what is looked at', () => {
  test.each([
    [FIRST, 20, 'worker 0, running: 40.0 µs, from 0.00 ms, task 0'],
    [SECOND, 39.9, 'worker 1, waiting: 40.0 µs, from 0.00 ms'],
    [SECOND, 40, 'worker 1, running: 50.0 µs, from 0.04 ms, task 1'],
    [SECOND, 100, 'worker 1, idle: 10.0 µs, from 0.09 ms'],
    [LOCK, 20, 'the lock, held by worker 0, which then had to let go: 40.0 µs, from 0.00 ms'],
    [LOCK, 60, 'the lock, held by worker 1: 50.0 µs, from 0.04 ms'],
    [LOCK, 95, 'the lock, held by nobody: 10.0 µs, from 0.09 ms'],
  ])('lane %i at %f µs', (lane, us, words) => {
    const inspector = inspecting();
    inspector.look(lane, us);
    expect(inWords(inspector.told!)).toBe(words);
  });

  test('is nothing outside of the round and its lanes', () => {
    const inspector = inspecting();
    for (const [lane, us] of [[FIRST, -1], [FIRST, 101], [3, 50], [-1, 50]] as const) {
      inspector.look(lane, us);
      expect(inspector.told).toBeUndefined();
    }
  });

  test('is forgotten with the round', () => {
    const inspector = inspecting();
    inspector.look(FIRST, 20);
    inspector.follow(inspector.round);
    expect(inspector.spot).toBeDefined();
    inspector.follow(ended());
    expect(inspector.spot).toBeUndefined();
  });
});

describe('a reader moves on', () => {
  test('from span to span, to both ends of the lane and no further', () => {
    const inspector = inspecting();
    inspector.look(SECOND, 0);
    const whats = [1, 1, 1, -1, -1, -1].map((by) => {
      inspector.step(by as 1 | -1);
      return inspector.told!.what;
    });
    expect(whats).toEqual(['running', 'idle', 'idle', 'running', 'waiting', 'waiting']);
  });

  test('not to spans after the end of the round', () => {
    const inspector = inspecting();
    inspector.round!.end_us = 1080;
    inspector.look(SECOND, 50);
    inspector.step(1);
    expect(inspector.told).toMatchObject({ what: 'running', start_us: 40, end_us: 80 });
  });

  test('from lane to lane at the same time, to the last one and no further', () => {
    const inspector = inspecting();
    const view = { from_us: 0, to_us: 100 };
    inspector.look(LOCK, 20);
    const whos = [1, 1, 1, -1, -1, -1].map((by) => {
      inspector.changeLane(by as 1 | -1, view);
      return [inspector.told!.who, inspector.told!.what];
    });
    expect(whos).toEqual([
      ['worker 0', 'running'],
      ['worker 1', 'waiting'],
      ['worker 1', 'waiting'],
      ['worker 0', 'running'],
      ['the lock', 'held by worker 0, which then had to let go'],
      ['the lock', 'held by worker 0, which then had to let go'],
    ]);
  });

  test('to the lane below what is in view of a span', () => {
    const inspector = inspecting();
    inspector.look(FIRST, 99);
    // From 40 to 100 µs, of which the last 8 are in view: there worker 1 is idle.
    inspector.changeLane(1, { from_us: 92, to_us: 120 });
    expect(inspector.told).toMatchObject({ who: 'worker 1', what: 'idle' });
  });
});

test('the middle of a span is that of its part in view', () => {
  const inspector = inspecting();
  const view = { from_us: 20, to_us: 60 };
  expect(inspector.middle(view)).toBeUndefined();
  inspector.look(FIRST, 10);
  expect(inspector.middle(view)).toBe(30);
  inspector.look(FIRST, 50);
  expect(inspector.middle(view)).toBe(50);
  expect(inspector.middle({ from_us: 0, to_us: 30 })).toBeUndefined();
  inspector.look(FIRST, 10);
  expect(inspector.middle({ from_us: 50, to_us: 60 })).toBeUndefined();
});

describe('keys', () => {
  function pressing() {
    const [scale, inspector] = [new Scale(), inspecting()];
    scale.note(98);
    scale.fit();
    const press = (key: string, modifiers: Partial<KeyboardEvent> = {}) => moveByKey({ key, ...modifiers } as KeyboardEvent, scale, inspector);
    return { scale, inspector, press };
  }

  test('move the view', () => {
    const { scale, press } = pressing();
    const views = ['+', 'ArrowRight', 'ArrowLeft', 'End', 'Home', '-', '=', '0'].map((key) => {
      expect(press(key)).toBe('view');
      return [scale.view.from_us, scale.view.to_us];
    });
    expect(views).toEqual([
      [25, 75],
      [35, 85],
      [25, 75],
      [50, 100],
      [0, 50],
      [0, 100],
      [25, 75],
      [0, 100],
    ]);
  });

  test('bring what is looked at closer', () => {
    const { scale, inspector, press } = pressing();
    inspector.look(FIRST, 10);
    press('+');
    expect(scale.view).toEqual({ from_us: 10, to_us: 60 });
  });

  test('move from span to span', () => {
    const { inspector, press } = pressing();
    inspector.look(LOCK, 10);
    const whats = [']', '[', 'ArrowDown', 'ArrowUp'].map((key) => {
      expect(press(key)).toBe('spot');
      return [inspector.told!.who, inspector.told!.start_us];
    });
    expect(whats).toEqual([
      ['the lock', 40],
      ['the lock', 0],
      ['worker 0', 0],
      ['the lock', 0],
    ]);
    press('ArrowRight', { shiftKey: true });
    expect(inspector.told!.start_us).toBe(40);
    press('ArrowLeft', { shiftKey: true });
    expect(inspector.told!.start_us).toBe(0);
  });

  test('that are the page’s or the browser’s are left to them', () => {
    const { scale, press } = pressing();
    expect(press('Tab')).toBeUndefined();
    expect(press('a')).toBeUndefined();
    for (const modifier of ['ctrlKey', 'altKey', 'metaKey']) expect(press('+', { [modifier]: true })).toBeUndefined();
    expect(scale.isWhole).toBe(true);
  });
});
