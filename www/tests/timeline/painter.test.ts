import { beforeEach, describe, expect, test, vi } from 'vitest';
import { codeOf, RUNNING, WAITING } from '../../src/timeline/looks.ts';
import { Painter } from '../../src/timeline/painter.ts';
import { Round } from '../../src/timeline/round.ts';
import { between, random } from '../random.ts';

const IDLE = codeOf('idle', false);
const [WIDTH, COLUMN_US] = [120, 10];
const INK = 0xdead;

/** A canvas that keeps what is put on it, and the texts and marks that are drawn. */
function canvas() {
  const drawn: { text: string; x: number }[] = [];
  let marks: number[] = [];
  const shown = { width: 0, height: 0, pixels: new Uint32Array() };
  const ctx = {
    createImageData: (width: number, height: number) => {
      Object.assign(shown, { width, height, pixels: new Uint32Array(width * height) });
      return { data: { buffer: new ArrayBuffer(width * height * 4) } };
    },
    putImageData: ({ data }: { data: { buffer: ArrayBuffer } }, _x: number, _y: number, left: number, top: number, width: number, height: number) => {
      const image = new Uint32Array(data.buffer);
      for (let y = top; y < top + height; y++) {
        const row = y * shown.width;
        shown.pixels.set(image.subarray(row + left, row + left + width), row + left);
      }
    },
    clearRect: () => shown.pixels.fill(0),
    // On the pixels as well, so that what is left of an old one shows.
    fillText: (text: string, x: number) => {
      drawn.push({ text, x });
      shown.pixels[7 * shown.width + Math.round(x)] = INK;
    },
    fillRect: (x: number) => {
      marks = [...marks, x];
      shown.pixels.fill(INK, x, x + 2);
    },
  };
  const element = { clientWidth: WIDTH, width: 0, height: 0, getContext: () => ctx };
  return { element: element as unknown as HTMLCanvasElement, shown, drawn, marks: () => marks };
}

beforeEach(() => {
  vi.stubGlobal('devicePixelRatio', 1);
  // Every custom property has a colour of its own.
  const colour = (name: string) => `rgb(${name.length}, ${name.charCodeAt(4)}, ${name.charCodeAt(name.length - 1)})`;
  vi.stubGlobal('getComputedStyle', () => ({ color: 'rgb(0, 0, 0)', getPropertyValue: colour }));
});

function painter(rows: number, hasLock: boolean) {
  const on = canvas();
  const painter = new Painter(on.element);
  painter.layout({ model: hasLock ? 'threads' : 'processes', rows, hasLock });
  return { painter, ...on };
}

const same = (a: Uint32Array, b: Uint32Array) => a.length === b.length && a.every((pixel, i) => pixel === b[i]);

const VIEW = { from_us: 0, to_us: WIDTH * COLUMN_US };

/** The columns in which no span begins: in the others a span that is still short is mixed with the one before it. */
function withoutEdges({ pixels, width }: { pixels: Uint32Array; width: number }, round: Round): Uint32Array {
  const edges = new Set(round.rows.flatMap(({ at_us }) => at_us.map((us) => Math.floor((us - round.start_us) / COLUMN_US))));
  return pixels.filter((_, i) => !edges.has(i % width));
}

test('every frame shows what a first frame at that time would show', () => {
  const next = random(5);
  for (let i = 0; i < 15; i++) {
    const [rows, hasLock] = [between(next, 1, 4), next() < 0.7];
    const [live, once] = [painter(rows, hasLock), painter(rows, hasLock)];
    const round = new Round(500, 'measured', Array.from({ length: rows }, () => 'idle' as const), hasLock);
    // Only the holder of the lock runs. Workers report their turns with different delays.
    let holder = 0;
    let turn_us = 500;
    const untold: { worker: number; at_us: number; code: number }[] = [];
    for (; turn_us < 1800; turn_us += next() < 0.4 ? between(next, 200, 400) : between(next, 15, 90)) {
      untold.push({ worker: holder, at_us: turn_us, code: next() < 0.5 ? WAITING : IDLE });
      holder = between(next, 0, rows);
      untold.push({ worker: holder, at_us: turn_us, code: RUNNING });
    }
    for (let now_us = 500; now_us < 1900; now_us += between(next, 5, 90)) {
      for (let worker = 0; worker < rows; worker++) {
        if (now_us < 1800 && next() < 0.4) continue;
        const row = round.rows[worker]!;
        for (const { at_us, code } of untold.filter((one) => one.worker === worker && one.at_us >= row.known_us && one.at_us < now_us)) row.put(at_us, code);
        row.known_us = now_us;
      }
      live.painter.frame(round, now_us, VIEW);
      // Another view paints all again.
      once.painter.frame(round, now_us, { ...VIEW });
      expect(same(withoutEdges(live.shown, round), withoutEdges(once.shown, round))).toBe(true);
    }
    expect(new Set(live.shown.pixels).size).toBeGreaterThan(1);
  }
});

test('what a worker tells late is painted where it was', () => {
  const live = painter(2, true);
  const round = new Round(0, 'measured', ['idle', 'idle'], true);
  const tell = (worker: number, at_us: number, state: 'running' | 'waiting', now_us: number) =>
    round.add(worker, [{ at_us, state, unlocked: false, work: 0 }], now_us);
  tell(0, 0, 'running', 300);
  tell(1, 0, 'waiting', 100);
  live.painter.frame(round, 300, VIEW);
  // Told late: it has run since 150 µs.
  tell(0, 150, 'waiting', 600);
  tell(1, 150, 'running', 600);
  live.painter.frame(round, 600, VIEW);
  const once = painter(2, true);
  once.painter.frame(round, 600, VIEW);
  expect(live.shown.pixels).toEqual(once.shown.pixels);
});

describe('the lock’s lane', () => {
  function locked(view = VIEW) {
    const on = painter(2, true);
    const round = new Round(0, 'measured', [], true);
    const rows = new Round(0, 'measured', ['running', 'waiting'], false).rows;
    round.rows = rows;
    rows[0]!.put(400, WAITING);
    rows[1]!.put(400, RUNNING);
    rows[1]!.put(500, IDLE);
    for (const row of rows) row.known_us = 1200;
    round.end_us = 1200;
    on.painter.frame(round, 1200, view);
    return on;
  }

  test('has the number of a holder in turns with room for it, and a mark where it had to let go', () => {
    const { drawn, marks } = locked();
    // Ten microseconds a pixel: the second turn is 10 px wide.
    expect(drawn).toEqual([{ text: '0', x: 20 }]);
    expect(marks()).toEqual([39]);
  });

  test('shows more of them from near', () => {
    const { drawn, marks } = locked({ from_us: 300, to_us: 600 });
    expect(drawn.map(({ text }) => text)).toEqual(['0', '1']);
    // The first turn is cut off at the left: its number is in the middle of what is to be seen.
    expect(drawn[0]!.x).toBe(20);
    expect(marks()).toEqual([39]);
  });
});

test('another round, view or size paints all again; the same one paints nothing', () => {
  const on = painter(1, false);
  const round = new Round(0, 'measured', ['running'], false);
  round.end_us = 1200;
  round.rows[0]!.known_us = 1200;
  on.painter.frame(round, 1200, VIEW);
  const before = on.shown.pixels.slice();
  // It runs from the first column to the last.
  expect(before.every((pixel) => pixel !== 0)).toBe(true);
  on.shown.pixels.fill(0);
  on.painter.frame(round, 1300, VIEW);
  expect(on.shown.pixels.some((pixel) => pixel !== 0)).toBe(false);
  on.painter.frame(round, 1300, { ...VIEW });
  expect(on.shown.pixels).toEqual(before);
  on.painter.frame(undefined, 1300, VIEW);
  expect(on.shown.pixels.some((pixel) => pixel !== 0)).toBe(false);
});
