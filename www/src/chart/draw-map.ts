// Draws where which model is the cheapest, by Observable Plot.

import * as Plot from '@observablehq/plot';
import { axisTick } from '../format.ts';
import type { Case, MapCell } from '../host/index.ts';
import { range } from './ticks.ts';

export function drawMap(map: MapCell[], { tasks, task_s }: Case, width: number): SVGSVGElement {
  const [counts, lengths] = [map.flatMap(({ tasks }) => tasks), map.flatMap(({ task_s }) => task_s)];
  const ends = (values: number[]): [number, number] => [Math.min(...values), Math.max(...values)];
  const [x, y] = [ends(lengths), ends(counts)];
  const ticks = (log: [number, number], unit: 'seconds' | 'count', most: number) =>
    range({ label: '', unit, log: true }, log, most).ticks;
  const within = ([low, high]: [number, number], value: number) => Math.min(high, Math.max(low, value));
  const axis = { tickSize: 0, labelArrow: 'none', fill: 'var(--ink-soft)' } as const;
  const own = [{ x: within(x, task_s), y: within(y, tasks) }];
  const svg = Plot.plot({
    width,
    height: Math.round(Math.min(460, Math.max(300, width * 0.62))),
    style: { background: 'none', color: 'var(--ink-soft)', fontFamily: 'system-ui, sans-serif', fontSize: '12.5px' },
    marginLeft: 48,
    marginTop: 28,
    marginBottom: 42,
    marginRight: 24,
    x: { type: 'log', domain: x },
    y: { type: 'log', domain: y },
    color: { type: 'identity' } as never,
    marks: [
      Plot.rect(map, {
        x1: ({ task_s }: MapCell) => task_s[0],
        x2: ({ task_s }: MapCell) => task_s[1],
        y1: ({ tasks }: MapCell) => tasks[0],
        y2: ({ tasks }: MapCell) => tasks[1],
        fill: ({ model }: MapCell) => `var(--model-${model})`,
        inset: 0.5,
      } as Plot.RectOptions),
      Plot.axisX(ticks(x, 'seconds', Math.max(4, Math.floor(width / 90))), { ...axis, label: 'one task', text: (at: number) => axisTick(at, 'seconds') }),
      Plot.axisY(ticks(y, 'count', 7), { ...axis, label: 'tasks', text: (at: number) => axisTick(at, 'count') }),
      Plot.dot(own, { x: 'x', y: 'y', r: 8, fill: 'var(--paper)', stroke: 'var(--ink)', strokeWidth: 3 }),
      Plot.text(own, { x: 'x', y: 'y', text: () => 'your case', dy: -19, fill: 'var(--ink)', stroke: 'var(--paper)', strokeWidth: 5, fontWeight: 600 }),
    ],
  }) as SVGSVGElement;
  for (const style of svg.querySelectorAll('style')) style.remove();
  svg.removeAttribute('class');
  return svg;
}
