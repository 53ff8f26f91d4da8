import { describe, expect, test, vi } from 'vitest';
import { Scale } from '../../src/timeline/scale.ts';
import { between, random } from '../random.ts';

/** A scale of one second, with this part in view. */
function showing(from_us: number, to_us: number): Scale {
  const scale = new Scale();
  scale.show(from_us, to_us - from_us);
  return scale;
}

describe('the length of the axis', () => {
  test('leaves room for a round that is still growing', () => {
    const scale = new Scale();
    expect(scale.grow(1e6)).toBe(false);
    expect(scale.length_us).toBe(1e6);
    expect(scale.grow(1.2e6)).toBe(true);
    // Twice as long, and then round.
    expect(scale.length_us).toBe(2.5e6);
    expect(scale.view).toEqual({ from_us: 0, to_us: 2.5e6 });
  });

  test('fits the longest round that was noted', () => {
    const scale = new Scale();
    scale.note(5e6);
    scale.note(3e6);
    scale.fit();
    expect(scale.length_us).toBe(6e6);
    scale.note(480);
    scale.fit();
    expect(scale.length_us).toBe(500);
  });

  test('grows by little once it was fitted', () => {
    const scale = new Scale();
    scale.note(0.9e6);
    scale.fit();
    scale.grow(1.1e6);
    expect(scale.length_us).toBe(1.5e6);
  });

  test('stays, with its view, when nothing was noted since it was fitted', () => {
    const scale = new Scale();
    scale.note(0.9e6);
    scale.fit();
    scale.show(1000, 5000);
    scale.fit();
    expect(scale.view).toEqual({ from_us: 1000, to_us: 6000 });
  });

  test('is as at first after a reset', () => {
    const scale = new Scale();
    scale.note(5e6);
    scale.fit();
    scale.note(7e6);
    scale.reset();
    expect(scale.length_us).toBe(1e6);
    scale.fit();
    expect(scale.length_us).toBe(1e6);
    scale.grow(1.2e6);
    expect(scale.length_us).toBe(2.5e6);
  });

  test('is round and not much longer than asked for, at any magnitude', () => {
    for (let us = 30; us < 1e9; us *= 1.07) {
      const scale = new Scale();
      scale.note(us);
      scale.fit();
      expect(scale.length_us).toBeGreaterThanOrEqual(us * 1.019);
      expect(scale.length_us).toBeLessThan(us * 1.4);
      const digits = scale.length_us / 10 ** Math.floor(Math.log10(scale.length_us) + 1e-9);
      expect(digits * 10).toBeCloseTo(Math.round(digits * 10), 6);
    }
  });
});

describe('the part in view', () => {
  test('never leaves the axis', () => {
    expect(showing(-50_000, 50_000).view).toEqual({ from_us: 0, to_us: 100_000 });
    expect(showing(950_000, 1_150_000).view).toEqual({ from_us: 800_000, to_us: 1_000_000 });
    expect(showing(0, 5e6).view).toEqual({ from_us: 0, to_us: 1e6 });
    expect(showing(500, 501).view).toEqual({ from_us: 500, to_us: 520 });
  });

  test('tells those who watch of every move by a reader, and of no other', () => {
    const scale = new Scale();
    const changed = vi.fn();
    const end = scale.watch(changed);
    scale.show(0, 500_000);
    expect(changed).toHaveBeenCalledTimes(1);
    scale.show(0, 500_000);
    scale.grow(2e6);
    expect(changed).toHaveBeenCalledTimes(1);
    scale.zoom(2);
    expect(changed).toHaveBeenCalledTimes(2);
    end();
    scale.whole();
    expect(changed).toHaveBeenCalledTimes(2);
  });

  test('is zoomed around a time that stays where it is', () => {
    const scale = showing(200_000, 600_000);
    scale.zoom(4, 300_000);
    expect(scale.view).toEqual({ from_us: 275_000, to_us: 375_000 });
    scale.zoom(1 / 4, 300_000);
    expect(scale.view).toEqual({ from_us: 200_000, to_us: 600_000 });
  });

  test('is zoomed around its middle where no time is given', () => {
    const scale = showing(200_000, 600_000);
    scale.zoom(2);
    expect(scale.view).toEqual({ from_us: 300_000, to_us: 500_000 });
  });

  test('is never more than the whole nor less than clocks can tell', () => {
    const scale = showing(200_000, 600_000);
    scale.zoom(1 / 100);
    expect(scale.view).toEqual({ from_us: 0, to_us: 1e6 });
    expect(scale.isWhole).toBe(true);
    scale.zoom(1e9, 500_000);
    expect(scale.span_us).toBe(20);
    expect(scale.isWhole).toBe(false);
  });

  test('moves by a share of itself, up to the ends', () => {
    const scale = showing(200_000, 600_000);
    scale.pan(0.5);
    expect(scale.view).toEqual({ from_us: 400_000, to_us: 800_000 });
    scale.pan(3);
    expect(scale.view).toEqual({ from_us: 600_000, to_us: 1_000_000 });
    scale.pan(-9);
    expect(scale.view).toEqual({ from_us: 0, to_us: 400_000 });
  });

  test('stays where a span is in view already', () => {
    const scale = showing(200_000, 600_000);
    scale.reveal(200_000, 300_000);
    scale.reveal(500_000, 600_000);
    expect(scale.view).toEqual({ from_us: 200_000, to_us: 600_000 });
  });

  test.each([
    ['after it', 700_000, 800_000, 550_000],
    ['before it', 0, 100_000, 0],
    ['that sticks out', 500_000, 700_000, 400_000],
    ['that is too long, from its start', 500_000, 950_000, 500_000],
  ])('is centred on a span %s', (_, start_us, end_us, from_us) => {
    const scale = showing(200_000, 600_000);
    scale.reveal(start_us, end_us);
    expect(scale.view).toEqual({ from_us, to_us: from_us + 400_000 });
  });
});

describe('ticks', () => {
  test('are at both ends of a round view', () => {
    const { step, at } = new Scale().ticks(5);
    expect(step).toBeCloseTo(0.2);
    expect(at.map((at) => at.toFixed(3))).toEqual(['0.000', '0.200', '0.400', '0.600', '0.800', '1.000']);
  });

  test('are those in view, a round step apart', () => {
    const next = random(1);
    for (let i = 0; i < 500; i++) {
      const from_us = between(next, 0, 900_000);
      const scale = showing(from_us, from_us + between(next, 30, 100_000));
      const { from_us: from, to_us: to } = scale.view;
      const { step, at } = scale.ticks(5);
      expect(at.length).toBeGreaterThanOrEqual(2);
      expect(at.length).toBeLessThanOrEqual(6);
      at.forEach((at) => expect(at / step).toBeCloseTo(Math.round(at / step), 6));
      // The first and the last tick are in view, and the next ones would not be.
      expect(at[0]! * 1e6).toBeGreaterThan(from - 1e-3);
      expect(at[0]! * 1e6 - step * 1e6).toBeLessThan(from);
      expect(at.at(-1)! * 1e6).toBeLessThan(to + 1e-3);
      expect(at.at(-1)! * 1e6 + step * 1e6).toBeGreaterThan(to);
    }
  });
});
