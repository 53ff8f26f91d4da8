import { describe, expect, test } from 'vitest';
import { lineName, looks, modelColour, namesModels, sourced } from '../../src/chart/look.ts';
import { asText, inWords, rows } from '../../src/chart/words.ts';
import type { Chart, Mark, Series } from '../../src/host/index.ts';

const mark = (x: number | string, y: number, interval?: [number, number]) => ({ x, y, ...(interval && { interval }) }) as Mark;
const series = (name: string, marks: Mark[], source: Series['source'] = 'measured') => ({ name, source, marks }) as Series;

function chart(of: Partial<Chart> = {}): Chart {
  return {
    title: 'Threads do not get faster',
    form: 'lines',
    x: { label: 'workers', unit: 'count', log: false },
    y: { label: 'speed-up', unit: 'ratio', log: false },
    series: [series('threads', [mark(4, 1.02), mark(2, 1, [0.9, 1.1])]), series('Amdahl', [mark(2, 1.5)], 'theory')],
    references: [{ label: 'the article', at: 4, across: 'y', source: 'article' }, { label: 'cores', at: 2, across: 'x', source: 'measured' }] as Chart['references'],
    ...of,
  };
}

describe('a chart in words', () => {
  test('has its title, its axes, every mark and every line', () => {
    expect(inWords(chart())).toBe(
      'Threads do not get faster. speed-up by workers. threads: 1.02× at 4, 1.00× at 2; Amdahl (calculated): 1.50× at 2; the article: 4.00×; cores: 2.',
    );
  });

  test('has the ends alone of a long series', () => {
    const many = Array.from({ length: 7 }, (_, i) => mark(i + 1, i / 2));
    expect(inWords(chart({ series: [series('threads', many)], references: [] }))).toContain('threads: 0.00× at 1 to 3.00× at 7.');
    expect(inWords(chart({ series: [series('threads', many.slice(1))], references: [] }))).toContain('2.50× at 6, 3.00× at 7.');
  });
});

describe('a chart as a table', () => {
  test('has a row an x, in their order, and a column a series', () => {
    const table = rows(chart({ series: [series('a', [mark(10, 1), mark(9, 2)]), series('b', [mark(100, 3), mark(9, 4)])] }));
    expect(table.map(({ x, marks }) => [x, ...marks.map((mark) => mark?.y)])).toEqual([
      [9, 2, 4],
      [10, 1, undefined],
      [100, undefined, 3],
    ]);
  });

  test('keeps the order of names', () => {
    expect(rows(chart({ series: [series('a', [mark('threads', 1), mark('processes', 2)])] })).map(({ x }) => x)).toEqual(['threads', 'processes']);
  });

  test('is copied with units, intervals and the lines across', () => {
    expect(asText(chart()).split('\n').map((line) => line.split('\t'))).toEqual([
      ['workers (count)', 'threads: speed-up (ratio)', 'threads: speed-up (ratio), 95 % from', 'threads: speed-up (ratio), 95 % to', 'Amdahl (calculated): speed-up (ratio)'],
      ['2', '1', '0.9', '1.1', '1.5'],
      ['4', '1.02', '', '', ''],
      ['the article', '4'],
      ['cores', '2'],
    ]);
    expect(asText(chart({ x: { label: 'model', unit: 'none', log: false } }))).toMatch(/^model\t/);
  });
});

describe('the looks of a chart', () => {
  test('have the colour of the model that a name begins with', () => {
    expect(modelColour('free-threads, 4')).toBe('var(--model-free-threads)');
    expect(modelColour('threads')).toBe('var(--model-threads)');
    expect([modelColour('threadsafe'), modelColour('all threads')]).toEqual([undefined, undefined]);
  });

  test('tell two series of one model apart, and give a law the colour of what it explains', () => {
    const all = looks(chart({ series: [series('threads, 2', []), series('threads', [], 'theory'), series('threads, 4', []), series('other', []), series('more', [])] }));
    expect(all.map(({ colour }) => colour)).toEqual([
      'var(--model-threads)',
      'var(--model-threads)',
      'color-mix(in oklab, var(--model-threads), var(--ink) 30%)',
      'var(--series-1)',
      'var(--series-2)',
    ]);
    expect(new Set(all.map(({ symbol }) => symbol)).size).toBe(5);
    expect(all.map(({ dash }) => dash)).toEqual([undefined, '6 4', undefined, undefined, undefined]);
  });

  test('are those of models where bars are named after them', () => {
    const bars = chart({ form: 'bars', series: [series('time', [mark('threads', 1), mark('processes, 4', 2)])] });
    expect(namesModels(bars)).toBe(true);
    expect(looks(bars)[0]!.colour).toBe('var(--ink-soft)');
    expect(namesModels({ ...bars, form: 'stack' })).toBe(false);
    expect(namesModels({ ...bars, series: [...bars.series, ...bars.series] })).toBe(false);
    expect(namesModels(chart({ form: 'bars', series: [series('time', [mark('other', 1)])] }))).toBe(false);
  });

  test('say where numbers come from that were not measured here', () => {
    expect([sourced('x', 'measured'), sourced('x', 'theory'), sourced('x', 'article'), sourced('the article', 'article')]).toEqual([
      'x',
      'x (calculated)',
      'x (the article’s)',
      'the article',
    ]);
    expect([lineName('x', 'theory'), lineName('x', 'article')]).toEqual(['x', 'x (the article’s)']);
  });
});
