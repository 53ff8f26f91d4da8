// The range of an axis and the numbers on it, round in its own unit.

import { unitSize } from '../format.ts';
import type { Axis } from '../host/index.ts';

export interface Range {
  domain: [number, number];
  ticks: number[];
}

/** About `most` round numbers from 0 to beyond `end`. */
function linear(end: number, most: number, size: number, whole: boolean): Range {
  // There is no half a worker.
  const rough = Math.max((end || 1) / size / most, whole ? 1 : 0);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ((whole ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10]).find((step) => step * power >= rough * 0.999) ?? 10) * size;
  const last = Math.ceil(((end || 1) / step) * 0.999_999);
  const ticks = Array.from({ length: last + 1 }, (_, i) => Number((i * step).toPrecision(12)));
  return { domain: [0, ticks.at(-1)!], ticks };
}

/** Powers of `base`, sparse enough; more between them where there are few. */
function logarithmic(low: number, high: number, most: number, base: number): Range {
  const [from, to] = [Math.floor(Math.log(low) / Math.log(base)), Math.ceil(Math.log(high) / Math.log(base))];
  const within = (tick: number) => tick >= low * 0.999 && tick <= high * 1.001;
  const powers = Array.from({ length: to - from + 1 }, (_, i) => base ** (from + i)).filter(within);
  if (base === 10 && powers.length < 3) {
    const decades = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    const between = [[1, 2, 3, 5, 7], [1, 2, 5], [1, 3]].map((digits) =>
      decades.flatMap((decade) => digits.map((digit) => digit * 10 ** decade)).filter(within),
    );
    return { domain: [low, high], ticks: between.find((ticks) => ticks.length <= most) ?? powers };
  }
  return { domain: [low, high], ticks: thin(powers, most) };
}

function thin(ticks: number[], most: number): number[] {
  const step = Math.ceil(ticks.length / most);
  return ticks.filter((_, i) => i % step === 0);
}

/** Room for these values; `most` ticks at most. */
export function range({ log, unit }: Axis, values: readonly number[], most: number): Range {
  const known = values.filter((value) => Number.isFinite(value) && (!log || value > 0));
  const [low, high] = [Math.min(...known), Math.max(...known)];
  if (!log || known.length === 0) return linear(Math.max(0, high), most, unitSize(high, unit), unit === 'count');
  const base = unit === 'bytes' || unit === 'bytes-per-second' ? 2 : 10;
  return low === high ? logarithmic(low / 2, high * 2, most, base) : logarithmic(low / 1.12, high * 1.12, most, base);
}
