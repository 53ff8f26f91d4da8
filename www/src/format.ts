// The one place where numbers become text. A report has seconds, bytes and plain ratios.

import type { Summary } from './host/index.ts';

const TIMES: readonly (readonly [number, string])[] = [[1, 's'], [1e-3, 'ms'], [1e-6, 'µs']];
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

export function count(value: number): string {
  return value.toLocaleString('en');
}

export function seconds(value: number): string {
  const [size, unit] = unitFor(value, TIMES);
  return `${digits(value / size)} ${unit}`;
}

/** A running clock: always seconds, so that the digits do not jump. */
export function clock(value: number): string {
  return `${value.toFixed(2)} s`;
}

/** A point on a time axis of this length, without zeros that say nothing. */
export function tick(value: number, length: number): string {
  if (value === 0) return '0';
  const [size, unit] = unitFor(length, TIMES);
  return `${Number((value / size).toPrecision(3))} ${unit}`;
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
