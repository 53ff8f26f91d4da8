// A chart in words, for those who cannot see it, and as a table.

import { axisTick, quantity } from '../format.ts';
import type { Axis, Chart, Mark, Position } from '../host/index.ts';
import { lineName, sourced } from './look.ts';

export function positionText(x: Position, { unit }: Axis): string {
  return typeof x === 'number' ? axisTick(x, unit) : x;
}

/** A series as "threads: 1.00× at 2 to 1.02× at 8". */
function seriesInWords(name: string, marks: Mark[], { x, y }: Chart): string {
  const at = (mark: Mark) => `${quantity(mark.y, y.unit)} at ${positionText(mark.x, x)}`;
  const told = marks.length > 6 ? [marks[0]!, marks.at(-1)!].map(at).join(' to ') : marks.map(at).join(', ');
  return `${name}: ${told}`;
}

/** What is to be seen. */
export function inWords(chart: Chart): string {
  const series = chart.series.map(({ name, source, marks }) => seriesInWords(sourced(name, source), marks, chart));
  const lines = chart.references.map(
    ({ label, source, at, across }) => `${lineName(label, source)}: ${quantity(at, (across === 'x' ? chart.x : chart.y).unit)}`,
  );
  return `${chart.title}. ${chart.y.label} by ${chart.x.label}. ${[...series, ...lines].join('; ')}.`;
}

/** One row an x, one column a series. */
export interface Row {
  x: Position;
  marks: (Mark | undefined)[];
}

export function rows({ series }: Chart): Row[] {
  const xs = [...new Set(series.flatMap(({ marks }) => marks.map(({ x }) => x)))];
  if (xs.every((x) => typeof x === 'number')) xs.sort((a, b) => Number(a) - Number(b));
  return xs.map((x) => ({ x, marks: series.map(({ marks }) => marks.find((mark) => mark.x === x)) }));
}

/** The numbers as they were measured, tab-separated, units in the heads. */
export function asText(chart: Chart): string {
  const unit = (axis: Axis) => (axis.unit === 'none' ? axis.label : `${axis.label} (${axis.unit})`);
  const heads = [unit(chart.x)];
  for (const { name, source, marks } of chart.series) {
    const head = `${sourced(name, source)}: ${unit(chart.y)}`;
    heads.push(head);
    if (marks.some(({ interval }) => interval)) heads.push(`${head}, 95 % from`, `${head}, 95 % to`);
  }
  const lines = rows(chart).map(({ x, marks }) => [
    x,
    ...marks.flatMap((mark, i) => {
      const uncertain = chart.series[i]!.marks.some(({ interval }) => interval);
      return uncertain ? [mark?.y ?? '', mark?.interval?.[0] ?? '', mark?.interval?.[1] ?? ''] : [mark?.y ?? ''];
    }),
  ]);
  const references = chart.references.map(({ label, source, at }) => [lineName(label, source), at]);
  return [heads, ...lines, ...references].map((cells) => cells.join('\t')).join('\n');
}
