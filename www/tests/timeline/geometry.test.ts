import { describe, expect, test } from 'vitest';
import { heightOf, laneBoxes } from '../../src/timeline/geometry.ts';
import { placeMarker } from '../../src/timeline/marker.ts';

describe('lanes', () => {
  test.each([1, 2, 3, 4, 5, 8, 9, 16, 17, 32])('of %i workers lie below each other without touching', (rows) => {
    for (const hasLock of [false, true]) {
      const boxes = laneBoxes(rows, hasLock);
      expect(boxes).toHaveLength(rows + (hasLock ? 1 : 0));
      expect(boxes[0]!.top).toBe(0);
      boxes.slice(1).forEach(({ top }, i) => expect(top).toBeGreaterThan(boxes[i]!.top + boxes[i]!.height));
      expect(heightOf(boxes)).toBe(boxes.at(-1)!.top + boxes.at(-1)!.height);
    }
  });

  test('are lower the more there are', () => {
    const heights = [2, 4, 8, 16, 32].map((rows) => laneBoxes(rows, false)[0]!.height);
    expect(heights).toEqual([18, 13, 8, 5, 4]);
  });

  test('have no height where there are none', () => {
    expect(heightOf([])).toBe(0);
  });
});

describe('a marker', () => {
  function placed(start_us: number, end_us: number) {
    const box: Record<string, string> = {};
    const marker = { style: { setProperty: (side: string, length: string) => (box[side] = length) } };
    placeMarker(marker as unknown as HTMLElement, { who: '', what: '', start_us, end_us }, { top: 19, height: 8 }, { from_us: 100, to_us: 300 });
    return box;
  }

  test('is around its span', () => {
    expect(placed(150, 200)).toEqual({ left: '25%', width: '25%', top: '19px', height: '8px' });
  });

  test('is cut to what is in view', () => {
    expect(placed(0, 200)).toMatchObject({ left: '0%', width: '50%' });
    expect(placed(200, 999)).toMatchObject({ left: '50%', width: '50%' });
    expect(placed(400, 500)).toMatchObject({ left: '100%', width: '0%' });
  });
});
