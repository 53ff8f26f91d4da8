import { describe, expect, test } from 'vitest';
import { Raster } from '../../src/timeline/raster.ts';
import { between, random } from '../random.ts';

const [WIDTH, STEP, TOP] = [6, 2, 3];

/** A lane with rows of the canvas above and below it, whose tile of code `i` is all `i + 1`. */
function lane(height: number, codes = 4) {
  const pixels = new Uint32Array(WIDTH * (TOP + height + 2));
  const tiles = Array.from({ length: codes }, (_, code) => new Uint32Array(STEP * height).fill(code + 1));
  const raster = new Raster(pixels, WIDTH, TOP, height, tiles, STEP, undefined);
  const rows = () => Array.from({ length: TOP + height + 2 }, (_, y) => [...pixels.slice(y * WIDTH, (y + 1) * WIDTH)]);
  /** A column of the lane, from the bottom. */
  const column = (x: number) => Array.from({ length: height }, (_, i) => pixels[(TOP + height - 1 - i) * WIDTH + x]!);
  return { raster, pixels, tiles, rows, column };
}

test('a plain stretch fills the lane and nothing beside it', () => {
  const { raster, rows } = lane(2);
  raster.plain(1, 2, 4);
  const empty = [0, 0, 0, 0, 0, 0];
  const filled = [0, 0, 2, 2, 0, 0];
  expect(rows()).toEqual([empty, empty, empty, filled, filled, empty, empty]);
});

test('a pattern continues from column to column', () => {
  const { raster, tiles, rows } = lane(1);
  tiles[0]!.set([7, 8]);
  raster.plain(0, 1, 6);
  expect(rows()[TOP]).toEqual([0, 8, 7, 8, 7, 8]);
});

test('clearing takes these columns of the lane away and no others', () => {
  const { raster, pixels, rows } = lane(2);
  pixels.fill(9);
  raster.clear(1, 5);
  const cleared = [9, 0, 0, 0, 0, 9];
  expect(rows()[TOP]).toEqual(cleared);
  expect(rows()[TOP + 1]).toEqual(cleared);
  expect([rows()[TOP - 1], rows()[TOP + 2]]).toEqual([Array(6).fill(9), Array(6).fill(9)]);
});

describe('a column of several kinds', () => {
  test('has them from below in the order of their codes, each by its share', () => {
    const { raster, column, pixels } = lane(16);
    raster.times_us.set([0, 60, 0, 20]);
    raster.mixed(1);
    // Of 16 pixels each has 2 for itself, and the other 12 go by shares.
    expect(column(1)).toEqual([...Array(11).fill(2), ...Array(5).fill(4)]);
    expect(pixels.filter((pixel) => pixel !== 0)).toHaveLength(16);
  });

  test('shows the least of them', () => {
    const { raster, column } = lane(16);
    raster.times_us.set([1e6, 1, 0, 0]);
    raster.mixed(0);
    expect(column(0)).toEqual([...Array(14).fill(1), 2, 2]);
  });

  test('is full, and shows every kind that there are pixels for', () => {
    const next = random(3);
    for (let i = 0; i < 200; i++) {
      const codes = between(next, 2, 9);
      const height = between(next, codes, 40);
      const { raster, column } = lane(height, codes);
      const times = Array.from({ length: codes }, () => (next() < 0.3 ? 0 : next() ** 6 * 1000));
      if (times.every((us) => us === 0)) continue;
      raster.times_us.set(times);
      raster.mixed(0);
      const shown = column(0);
      expect(shown).not.toContain(0);
      expect(shown).toEqual([...shown].sort((a, b) => a - b));
      const heights = times.map((_, code) => shown.filter((pixel) => pixel === code + 1).length);
      times.forEach((us, code) => (us > 0 ? expect(heights[code]).toBeGreaterThan(0) : expect(heights[code]).toBe(0)));
      // Who has more time is not lower, but for rounding.
      const most = times.indexOf(Math.max(...times));
      expect(heights[most]).toBeGreaterThanOrEqual(Math.max(...heights) - 1);
    }
  });
});
