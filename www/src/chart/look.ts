// How the series of a chart look: colours that mean the same everywhere, and a second sign beside the colour.

import type { Chart, Series, Source } from '../host/index.ts';
import { MODELS } from '../words.ts';

export interface Look {
  name: string;
  colour: string;
  /** `stroke-dasharray`. */
  dash: string | undefined;
  symbol: 'circle' | 'square' | 'triangle' | 'diamond' | 'star' | 'wye';
}

const SYMBOLS: readonly Look['symbol'][] = ['circle', 'square', 'triangle', 'diamond', 'star', 'wye'];
const OTHERS = 6;

/** What was measured needs no label; all else says where it comes from. */
const DASHES: Record<Source, string | undefined> = { measured: undefined, theory: '6 4', article: '1.5 4' };
const LABELS: Record<Source, string> = { measured: '', theory: 'calculated', article: 'the article’s' };

export function dashOf(source: Source): string | undefined {
  return DASHES[source];
}

/** A name that says where its numbers come from. */
export function sourced(name: string, source: Source): string {
  const label = LABELS[source];
  return !label || name.includes('article') ? name : `${name} (${label})`;
}

/** A line across says by itself what it is, unless it is not of this machine. */
export function lineName(name: string, source: Source): string {
  return source === 'article' ? sourced(name, source) : name;
}

/** The colour of a model, for whatever is named after one: "threads", "processes, 4". */
export function modelColour(name: string): string | undefined {
  // The longest name first: "free-threads" is not "threads".
  const model = MODELS.toSorted((a, b) => b.length - a.length).find((model) => new RegExp(`^${model}\\b`).test(name));
  return model && `var(--model-${model})`;
}

/** Whether the colours of a chart's bars are those of the models that the bars are named after. */
export function namesModels({ form, series }: Chart): boolean {
  const ofOne = series.filter(({ source }) => source === 'measured').length <= 1;
  return form === 'bars' && ofOne && series.every(({ marks }) => marks.every(({ x }) => modelColour(String(x))));
}

/** The looks of all series; those of one model differ in shade. */
export function looks(chart: Chart): Look[] {
  const named = namesModels(chart);
  const used = new Map<string, number>();
  let others = 0;
  return chart.series.map(({ name, source }: Series, i) => {
    const plain = named || source === 'article' ? 'var(--ink-soft)' : undefined;
    const base = modelColour(name) ?? plain ?? `var(--series-${(others++ % OTHERS) + 1})`;
    const before = used.get(base) ?? 0;
    // A law through the measured marks has the colour of what it explains.
    if (source === 'measured') used.set(base, before + 1);
    const shade = source === 'measured' ? before : 0;
    const colour = shade === 0 ? base : `color-mix(in oklab, ${base}, var(--ink) ${Math.min(75, shade * 30)}%)`;
    return { name: sourced(name, source), colour, dash: dashOf(source), symbol: SYMBOLS[i % SYMBOLS.length]! };
  });
}
