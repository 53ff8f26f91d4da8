import { describe, expect, test } from 'vitest';
import { type Brush, type Grid, paintColumns, type Range } from '../../src/timeline/columns.ts';
import { Row } from '../../src/timeline/row.ts';
import { between, random } from '../random.ts';

const CODES = 4;
/** What one column shows: a code, or the time of each. */
type Column = number | number[] | undefined;

function spans(...pairs: [at_us: number, code: number][]): Row {
  const row = new Row();
  for (const [at_us, code] of pairs) row.put(at_us, code);
  return row;
}

class Notes implements Brush {
  readonly columns: Column[] = [];
  readonly times_us = new Float64Array(CODES);

  constructor(readonly nothing: number | undefined) {}

  plain(code: number, from: number, to: number): void {
    expect(to).toBeGreaterThan(from);
    for (let x = from; x < to; x++) this.#note(x, code);
  }

  mixed(column: number): void {
    this.#note(column, [...this.times_us]);
  }

  #note(x: number, column: Column): void {
    expect(this.columns[x], `column ${x} is painted twice`).toBeUndefined();
    this.columns[x] = column;
  }
}

function painted(row: Row, grid: Grid, range: Range, nothing?: number): Column[] {
  const notes = new Notes(nothing);
  paintColumns(row, grid, range, notes);
  return Array.from({ length: range.last }, (_, x) => notes.columns[x]);
}

/** The same by looking at every span for every column. */
function expected(row: Row, { origin_us, column_us }: Grid, range: Range, nothing?: number): Column[] {
  return Array.from({ length: range.last }, (_, x) => {
    if (x < range.first) return undefined;
    const left_us = Math.max(origin_us + x * column_us, range.start_us);
    const right_us = Math.min(origin_us + (x + 1) * column_us, range.end_us);
    const parts = row.codes.map((code, i) => {
      const [start_us, stop_us] = [row.at_us[i]!, row.endOf(i, range.end_us)];
      return { code, us: Math.min(stop_us, right_us) - Math.max(start_us, left_us), length_us: stop_us - start_us };
    });
    const within = parts.filter(({ us }) => us > 0);
    if (within.length === 0) return undefined;
    if (within.some(({ code, length_us }) => length_us < column_us && code !== nothing)) {
      return Array.from({ length: CODES }, (_, code) => within.reduce((sum, part) => sum + (part.code === code ? part.us : 0), 0));
    }
    return within.reduce((most, part) => (part.us > most.us ? part : most)).code;
  });
}

describe('a column', () => {
  const grid = { origin_us: 0, column_us: 10 };
  const range = { start_us: 0, end_us: 40, first: 0, last: 5 };

  test('shows the span that fills it, and is empty after the end', () => {
    expect(painted(spans([0, 1], [20, 2]), grid, range)).toEqual([1, 1, 2, 2, undefined]);
  });

  test('is empty before the first span', () => {
    expect(painted(spans([20, 2]), grid, range)).toEqual([undefined, undefined, 2, 2, undefined]);
  });

  test('shows what is shorter than it by its share', () => {
    expect(painted(spans([0, 1], [12, 2], [15, 1]), grid, range)).toEqual([1, [0, 7, 3, 0], 1, 1, undefined]);
  });

  test('has a sharp edge between two long spans', () => {
    expect(painted(spans([0, 1], [17, 2]), grid, range)).toEqual([1, 1, 2, 2, undefined]);
    expect(painted(spans([0, 1], [13, 2]), grid, range)).toEqual([1, 2, 2, 2, undefined]);
  });

  test('does not show short spans in which nothing happens', () => {
    const row = spans([0, 1], [12, 0], [15, 1]);
    expect(painted(row, grid, range, 0)).toEqual([1, 1, 1, 1, undefined]);
    expect(painted(row, grid, range)[1]).toEqual([3, 7, 0, 0]);
  });

  test('counts nothing from before the start', () => {
    const row = spans([10, 1], [14, 2], [16, 1]);
    expect(painted(row, { origin_us: 5, column_us: 10 }, { ...range, start_us: 12 })[0]).toEqual([0, 2, 1, 0]);
  });
});

test('all columns are as if every span had been looked at for each', () => {
  const next = random(7);
  for (let i = 0; i < 400; i++) {
    const row = new Row();
    for (let at_us = between(next, 0, 60); at_us < 900; at_us += between(next, 1, next() < 0.5 ? 6 : 90)) row.put(at_us, between(next, 0, CODES));
    const grid = { origin_us: between(next, -20, 200), column_us: between(next, 1, 40) };
    const [first, last] = [between(next, 0, 10), between(next, 10, 60)];
    const range = { start_us: between(next, 0, 30), end_us: between(next, 900, 1000), first, last };
    const nothing = next() < 0.5 ? 0 : undefined;
    expect(painted(row, grid, range, nothing)).toEqual(expected(row, grid, range, nothing));
  }
});
