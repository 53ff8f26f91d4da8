// Draws a chart of the core by Observable Plot. Loaded with the first chart, because Plot is half the size of the site.

import * as Plot from '@observablehq/plot';
import { axisTick, quantity } from '../format.ts';
import type { Chart, Mark, Reference } from '../host/index.ts';
import { dashOf, lineName, type Look, looks, modelColour, namesModels } from './look.ts';
import { range, type Range } from './ticks.ts';

/** A mark with the look of its series. */
interface Drawn extends Mark, Look {
  low: number;
  high: number;
}

const INK = 'var(--ink)';
const SOFT = 'var(--ink-soft)';
const HALO = { stroke: 'var(--paper)', strokeWidth: 4, strokeLinejoin: 'round' } as const;
const FONT_SIZE = 12.5;
/** Width of a character, on average. */
const EM = FONT_SIZE * 0.56;
const LINE = 16;

function drawn(chart: Chart): Drawn[] {
  return looks(chart).flatMap((look, i) =>
    chart.series[i]!.marks.map((mark) => ({ ...mark, ...look, low: mark.interval?.[0] ?? mark.y, high: mark.interval?.[1] ?? mark.y })),
  );
}

const crossing = ({ references }: Chart, across: Reference['across']) => references.filter((line) => line.across === across);

/** The chart as SVG, `width` pixels wide. */
export function draw(chart: Chart, width: number): SVGSVGElement {
  const svg = (chart.form === 'lines' ? lines(chart, width) : bars(chart, width)) as SVGSVGElement;
  // The Content-Security-Policy forbids it; charts.css says the same.
  for (const style of svg.querySelectorAll('style')) style.remove();
  svg.removeAttribute('class');
  return svg;
}

function common(width: number) {
  return { width, style: { background: 'none', color: SOFT, fontFamily: 'system-ui, sans-serif', fontSize: `${FONT_SIZE}px` } };
}

/** The marks of an axis of numbers: its grid, its ticks, its name. */
function axisOf(which: 'x' | 'y', { ticks }: Range, { label, unit }: Chart['x']) {
  const grid = { stroke: 'var(--rule)', strokeOpacity: 1 };
  // As `text`, because a logarithmic axis leaves out some of what `tickFormat` gives.
  const axis = { label: label || null, text: (value: number) => axisTick(value, unit), tickSize: 0, labelArrow: 'none', fill: SOFT } as const;
  return which === 'x'
    ? [Plot.gridX(ticks, grid), Plot.axisX(ticks, axis)]
    : [Plot.gridY(ticks, grid), Plot.axisY(ticks, axis)];
}

function lines(chart: Chart, width: number) {
  const marks = drawn(chart);
  const height = Math.round(Math.min(380, Math.max(280, width * 0.5)));
  const numeric = marks.every(({ x }) => typeof x === 'number');
  const across = crossing(chart, 'y');
  const y = range(chart.y, [...marks.flatMap(({ low, y, high }) => [low, y, high]), ...across.map(({ at }) => at)], 6);
  const along = crossing(chart, 'x');
  const xs = [...marks.map(({ x }) => Number(x)), ...along.map(({ at }) => at)];
  const x = range(chart.x, xs, Math.max(3, Math.floor(width / 90)));
  const widest = Math.max(...y.ticks.map((tick) => axisTick(tick, chart.y.unit).length));
  const margins = { marginLeft: Math.max(40, widest * EM + 14), marginRight: 22, marginTop: 28 + along.length * LINE + (along.length > 0 && across.length > 0 ? LINE : 0), marginBottom: 40 };
  const heightOf = scaleOf(chart.y.log, y.domain, [height - margins.marginBottom, margins.marginTop]);
  return Plot.plot({
    ...common(width),
    ...margins,
    height,
    x: numeric
      ? { type: chart.x.log ? 'log' : 'linear', domain: x.domain }
      : { type: 'point', domain: [...new Set(marks.map(({ x }) => x))] },
    y: { type: chart.y.log ? 'log' : 'linear', domain: y.domain },
    symbol: { type: 'identity' } as never,
    marks: [
      ...axisOf('y', y, chart.y),
      ...(numeric ? axisOf('x', x, chart.x) : [Plot.axisX({ label: chart.x.label || null, tickSize: 0, labelArrow: 'none', fill: SOFT, lineWidth: 8 })]),
      across.map((line) => Plot.ruleY([line.at], { stroke: INK, strokeWidth: 1.25, strokeDasharray: dashOf(line.source) ?? 'none' })),
      along.map((line) => Plot.ruleX([line.at], { stroke: INK, strokeWidth: 1.25, strokeDasharray: dashOf(line.source) ?? 'none' })),
      chart.series.map((_, i) => linesOf(marks.filter(({ name }) => name === looks(chart)[i]!.name))),
      labelsAcross(across, chart, heightOf),
      along.map((line, i) =>
        Plot.text([line], { x: 'at', frameAnchor: 'top', dy: -LINE * (along.length - i + (across.length > 0 ? 1 : 0)) + 4, text: () => referenceText(line, chart.x.unit), fill: INK, ...towards(line.at, x.domain, chart.x.log) }),
      ),
    ],
  });
}

/** One series: its line, its intervals, its marks. */
function linesOf(marks: Drawn[]): Plot.Markish[] {
  const [first] = marks;
  if (!first) return [];
  const line = Plot.line(marks, { x: 'x', y: 'y', stroke: first.colour, strokeWidth: 2, strokeDasharray: first.dash ?? 'none', sort: typeof first.x === 'number' ? 'x' : null });
  if (first.dash) return [line];
  const uncertain = marks.filter(({ interval }) => interval);
  const dots = Plot.dot(marks, { x: 'x', y: 'y', fill: first.colour, symbol: first.symbol, r: 4, ...HALO, strokeWidth: 1, title: (mark: Drawn) => mark.name });
  return [line, Plot.ruleX(uncertain, { x: 'x', y1: 'low', y2: 'high', stroke: first.colour, strokeWidth: 1.5, marker: 'none' }), dots];
}

/** The names of lines across, each beside its own and apart from the others. */
function labelsAcross(across: Reference[], chart: Chart, heightOf: (at: number) => number): Plot.Markish[] {
  let last = Infinity;
  return across
    .toSorted((a, b) => a.at - b.at)
    .map((line) => {
      const own = heightOf(line.at) - 9;
      const free = Math.min(own, last - LINE);
      last = free;
      return Plot.text([line], { y: 'at', frameAnchor: 'right', textAnchor: 'end', dx: -2, dy: free - own - 9, text: () => referenceText(line, chart.y.unit), fill: INK, ...HALO });
    });
}

function scaleOf(log: boolean, [low, high]: [number, number], [from, to]: [number, number]): (value: number) => number {
  const share = (value: number) =>
    log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return (value) => from + share(value) * (to - from);
}

function referenceText({ label, source, at }: Reference, unit: Chart['x']['unit']): string {
  return `${lineName(label, source)}: ${quantity(at, unit)}`;
}

/** A label beside a line that stands at the right of the chart goes to its left. */
function towards(at: number, domain: [number, number], log: boolean): { textAnchor: 'start' | 'end' | 'middle' } {
  const share = scaleOf(log, domain, [0, 1])(at);
  return { textAnchor: share > 0.62 ? 'end' : share < 0.38 ? 'start' : 'middle' };
}

/** Bars lie, so that their names have room. */
function bars(chart: Chart, width: number) {
  const stacked = chart.form === 'stack';
  const marks = drawn(chart).map((mark) => ({
    ...mark,
    x: typeof mark.x === 'number' ? axisTick(mark.x, chart.x.unit) : mark.x,
  }));
  const names = [...new Set(marks.map(({ x }) => x))];
  const single = chart.series.length === 1;
  const totals = names.map((name) => marks.filter(({ x }) => x === name).reduce((sum, { y }) => sum + y, 0));
  const values = stacked ? totals : marks.flatMap(({ low, y, high }) => [low, y, high]);
  const across = crossing(chart, 'y');
  const most = Math.max(3, Math.floor(width / 110));
  const y = range(chart.y, [...values, ...across.map(({ at }) => at)], most);
  // A bar on a logarithmic axis has no natural foot.
  if (chart.y.log) y.domain[0] /= 2;
  const longest = Math.max(...names.map((name) => name.length));
  const marginLeft = Math.min(Math.max(56, longest * EM + 14), Math.round(width * 0.36));
  const rows = stacked || single ? 1 : chart.series.length;
  const lines = Math.max(1, Math.ceil((longest * EM) / (marginLeft - 14)));
  const row = Math.max(rows * 19 + (rows > 1 ? 12 : 9), lines * LINE + 8);
  const numeric = chart.series.some(({ marks }) => marks.some(({ x }) => typeof x === 'number'));
  const marginTop = 10 + across.length * LINE + (numeric ? LINE : 0);
  const colour = !stacked && namesModels(chart) ? (mark: Drawn) => modelColour(String(mark.x)) ?? mark.colour : 'colour';
  const place = stacked || single ? { y: 'x' } : { fy: 'x', y: 'name' };
  // A label belongs above all groups, not above each.
  const atTop = stacked || single ? {} : { fy: () => names[0] };
  const nameAxis = { label: numeric ? chart.x.label : null, labelArrow: 'none', tickSize: 0, fill: INK, lineWidth: (marginLeft - 14) / FONT_SIZE, anchor: 'left' } as const;
  return Plot.plot({
    ...common(width),
    height: marginTop + 44 + names.length * row,
    marginTop,
    marginBottom: 40,
    marginLeft,
    marginRight: stacked ? 24 : 62,
    x: { type: chart.y.log ? 'log' : 'linear', domain: y.domain },
    y: stacked || single ? { type: 'band', domain: names, padding: 0.28 } : { type: 'band', domain: looks(chart).map(({ name }) => name), axis: null, padding: 0.1 },
    ...(stacked || single ? {} : { fy: { domain: names, padding: 0.18 } }),
    marks: [
      ...axisOf('x', y, chart.y),
      stacked || single ? Plot.axisY(nameAxis) : Plot.axisFy(nameAxis),
      stacked
        ? Plot.barX(marks, Plot.stackX({ x: 'y', y: 'x', z: 'name', fill: 'colour', order: looks(chart).map(({ name }) => name), stroke: 'var(--paper)' }))
        : Plot.barX(marks, { ...place, x1: y.domain[0], x2: 'y', fill: colour, fillOpacity: (mark: Drawn) => (mark.dash ? 0.45 : 1) } as Plot.BarXOptions),
      stacked
        ? []
        : [
            ...[{ stroke: 'var(--paper)', strokeWidth: 4 }, { stroke: INK, strokeWidth: 1.5 }].map((stroke) =>
              Plot.ruleY(marks.filter(({ interval }) => interval), { ...place, x1: 'low', x2: 'high', ...stroke } as Plot.RuleYOptions),
            ),
            Plot.text(marks, { ...place, x: 'high', text: (mark: Drawn) => quantity(mark.y, chart.y.unit), textAnchor: 'start', dx: 6, fill: INK, ...HALO } as Plot.TextOptions),
          ],
      across.map((line) => Plot.ruleX([line.at], { stroke: INK, strokeWidth: 1.25, strokeDasharray: dashOf(line.source) ?? 'none' })),
      across.map((line, i) =>
        Plot.text([line], { ...atTop, x: 'at', frameAnchor: 'top', dy: -LINE * (across.length - i) + 6, text: () => referenceText(line, chart.y.unit), fill: INK, ...HALO, ...towards(line.at, y.domain, chart.y.log) } as Plot.TextOptions),
      ),
    ],
    // Colours are given, not scaled.
    color: { type: 'identity' } as never,
  });
}
