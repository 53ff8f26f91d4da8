// The one place where numbers become text. A report has seconds, bytes and plain ratios.

import type { Distance, Estimate, Summary, Unit } from './host/index.ts';

const TIMES: readonly (readonly [number, string])[] = [[1, 's'], [1e-3, 'ms'], [1e-6, 'µs'], [1e-9, 'ns']];
const BYTES: readonly (readonly [number, string])[] = [[2 ** 30, 'GiB'], [2 ** 20, 'MiB'], [2 ** 10, 'KiB'], [1, 'B']];

/** The largest unit that leaves at least one before the point; the smallest for what is smaller still. */
function unitFor(value: number, units: readonly (readonly [number, string])[]): readonly [number, string] {
  return units.find(([size]) => Math.abs(value) >= size) ?? units[units.length - 1]!;
}

/** Three significant digits, with the zeros that belong to them. */
function digits(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

/** With commas. Not by `toLocaleString`, whose first call keeps a phone busy for a tenth of a second. */
export function count(value: number): string {
  const [whole, part] = String(Math.round(value * 1e3) / 1e3).split('.');
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, ',');
  return part ? `${grouped}.${part}` : grouped;
}

export function seconds(value: number): string {
  const [size, unit] = unitFor(value, TIMES);
  return `${digits(value / size)} ${unit}`;
}

/** A running clock: always seconds, so that the digits do not jump. */
export function clock(value: number): string {
  return `${value.toFixed(2)} s`;
}

/** A point on a time axis that ends at `last` and has a point every `step`, without digits that say nothing. */
export function tick(value: number, step: number, last: number): string {
  if (value === 0) return '0';
  const [size, unit] = unitFor(last, TIMES);
  const decimals = Math.max(0, Math.ceil(-Math.log10(step / size) - 1e-6));
  return `${Number((value / size).toFixed(decimals + 1))} ${unit}`;
}

/** A point in time, to a hundredth of a millisecond: clocks of browsers tell no more. */
export function moment(value: number): string {
  return value < 1 ? `${(value * 1e3).toFixed(2)} ms` : `${value.toFixed(5)} s`;
}

export function bytes(value: number): string {
  const [size, unit] = unitFor(value, BYTES);
  return size === 1 ? `${count(value)} B` : `${digits(value / size)} ${unit}`;
}

export function ratio(value: number): string {
  return `${value.toFixed(2)}×`;
}

export function percent(value: number): string {
  return `${Math.round(value * 100)} %`;
}

/** A median's 95 % interval in the unit of the median, e.g. "1.24 to 1.29 s". */
export function secondsInterval({ ci95, median }: Summary): string | undefined {
  if (!ci95) return undefined;
  const [size, unit] = unitFor(median, TIMES);
  return `${digits(ci95[0] / size)} to ${digits(ci95[1] / size)} ${unit}`;
}

export function ratioInterval({ ci95 }: Summary): string | undefined {
  return ci95 && `${ci95[0].toFixed(2)} to ${ratio(ci95[1])}`;
}

/** A number with its unit, as tables and labels have it. */
export function quantity(value: number, unit: Unit): string {
  switch (unit) {
    case 'seconds':
      return value === 0 ? '0 s' : seconds(value);
    case 'bytes':
      return bytes(value);
    case 'bytes-per-second':
      return `${bytes(value)}/s`;
    case 'per-second':
      return `${count(significant(value))}/s`;
    case 'ratio':
      return ratio(value);
    case 'share':
      return `${significant(value * 100)} %`;
    default:
      return count(significant(value));
  }
}

/** A median with its 95 % interval. What is lost in the noise is no figure, but it has a bound. */
export function measured({ value, ci95 }: Estimate, unit: Unit): string {
  if (value === 0) return ci95 ? `under ${quantity(ci95[1], unit)}` : 'too little to measure';
  return ci95 ? `${quantity(value, unit)} (${ci95.map((end) => quantity(end, unit)).join(' to ')})` : quantity(value, unit);
}

/** How far a number is from another: so many times it, or so much more or less. */
export function distance(value: number, kind: Distance, unit: Unit): string {
  if (kind === 'ratio') return ratio(value);
  const sign = value < 0 ? '−' : '+';
  const size = Math.abs(value);
  return unit === 'share' ? `${sign}${Math.round(size * 100)} points` : `${sign}${size.toFixed(2)}`;
}

/** The same on an axis: no digit more than a round number needs. */
export function axisTick(value: number, unit: Unit): string {
  const bare = (text: string) => text.replace(/(\.\d*?)0+(?=\D|$)/, '$1').replace(/\.(?=\D|$)/, '');
  if (value === 0) return '0';
  if (unit === 'count' || unit === 'none' || unit === 'per-second') {
    const [size, sign] = unitFor(value, [[1e9, 'G'], [1e6, 'M'], [1e3, 'k'], [1, '']]);
    return `${significant(value / size)}${sign}${unit === 'per-second' ? '/s' : ''}`;
  }
  return bare(quantity(value, unit));
}

/** The units that the numbers of an axis are scaled by, so that its ticks are round in them. */
export function unitSize(value: number, unit: Unit): number {
  return unit === 'bytes' || unit === 'bytes-per-second' ? unitFor(value, BYTES)[0] : 1;
}

function significant(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
}

/** A day and a time, as the reader's own clock has it. */
export function dayAndTime(unix_s: number): string {
  return new Date(unix_s * 1e3).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
}
