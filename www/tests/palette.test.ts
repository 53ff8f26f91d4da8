import { beforeEach, describe, expect, test, vi } from 'vitest';
import { inkOnWorker, lockTiles, tileOf, tiles, workerColour } from '../src/palette.ts';
import { LOOKS } from '../src/timeline/looks.ts';

/** The luminance of a colour, as WCAG has it. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

test('the number of a worker can be read on its colour', () => {
  for (let worker = 0; worker < 20; worker++) {
    const [a, b] = [luminance(workerColour(worker)), luminance(inkOnWorker(worker))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    expect(contrast, `worker ${worker}`).toBeGreaterThan(4.5);
  }
  expect(new Set(Array.from({ length: 8 }, (_, worker) => workerColour(worker))).size).toBe(8);
});

describe('tiles', () => {
  const element = {} as Element;
  const row = { height: 8, step: 6 };
  beforeEach(() => void vi.stubGlobal('getComputedStyle', () => ({ getPropertyValue: () => 'rgb(1, 2, 3)' })));
  const cover = (tile: Uint32Array) => tile.reduce((sum, pixel) => sum + (pixel >>> 24), 0) / tile.length / 255;

  test('have the colour of the page', () => {
    expect(tileOf(element, 'threads', 'running', row)).toEqual(new Uint32Array(48).fill(0xff030201));
  });

  test('differ for all that a lane tells apart', () => {
    const all = tiles(element, 'threads', row);
    expect(new Set(all.map((tile, i) => (['sending', 'receiving'].includes(LOOKS[i]!) ? LOOKS[i] : tile.join()))).size).toBe(LOOKS.length);
    for (const tile of all) expect(tile).toHaveLength(48);
  });

  test('are stronger the more a worker does', () => {
    const [running, unlocked, waiting, dead] = (['running', 'unlocked', 'waiting', 'dead'] as const).map((look) => cover(tileOf(element, 'threads', look, row)));
    expect([running, dead]).toEqual([1, 0]);
    expect(unlocked).toBeGreaterThan(waiting!);
    expect(waiting).toBeLessThan(0.5);
  });

  test('of the lock start with the free lock, then one per worker', () => {
    const all = lockTiles(element, 2, row);
    expect(all).toHaveLength(3);
    expect(cover(all[0]!)).toBeLessThan(0.5);
    // #0072b2, backwards.
    expect(all[1]![0]).toBe(0xffb27200);
  });
});
