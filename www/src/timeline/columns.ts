// Spans as columns of pixels. However many there are in a column, it tells the truth: what is in it is there by its share.

import type { Spans } from './spans.ts';

/** Columns of time: where the first one begins, and how long each is. All in microseconds. */
export interface Grid {
  origin_us: number;
  column_us: number;
}

/** What of the spans there is to paint: all of it, and only in the columns from `first` up to `last`. */
export interface Range {
  start_us: number;
  end_us: number;
  first: number;
  last: number;
}

export interface Brush {
  /** Columns from `from` up to `to` are of one kind. */
  plain(code: number, from: number, to: number): void;
  /** By code, how much time of the column at hand is of each kind. */
  readonly times_us: Float64Array;
  /** A column is of several kinds, as `times_us` has them. */
  mixed(column: number): void;
  /** The code of what may be lost where it is shorter than a column: nothing happens then. */
  readonly nothing: number | undefined;
}

export function paintColumns(spans: Spans, grid: Grid, range: Range, brush: Brush): void {
  const { origin_us, column_us } = grid;
  const { start_us, end_us, first, last } = range;
  const columnAt = (us: number) => Math.floor((us - origin_us) / column_us);
  const until = Math.min(last, Math.ceil((end_us - origin_us) / column_us));
  let column = Math.max(first, columnAt(Math.max(start_us, spans.at_us[0] ?? Infinity)));
  let i = Math.max(0, spans.indexAt(origin_us + column * column_us));
  while (column < until) {
    const left_us = origin_us + column * column_us;
    while (i + 1 < spans.count && spans.at_us[i + 1]! <= left_us) i++;
    const reaches = Math.min(until, columnAt(spans.endOf(i, end_us)));
    if (reaches > column && spans.at_us[i]! <= left_us) {
      brush.plain(spans.codes[i]!, column, reaches);
      column = reaches;
    } else {
      paintColumn(spans, i, column, grid, range, brush);
      column++;
    }
  }
}

/** One column that no span fills, from its first span on. */
function paintColumn(spans: Spans, first: number, column: number, grid: Grid, range: Range, brush: Brush): void {
  const { column_us } = grid;
  const left_us = Math.max(grid.origin_us + column * column_us, range.start_us);
  const right_us = Math.min(grid.origin_us + (column + 1) * column_us, range.end_us);
  let isCrowded = false;
  let most = first;
  let most_us = 0;
  brush.times_us.fill(0);
  for (let i = first; i < spans.count && spans.at_us[i]! < right_us; i++) {
    const start_us = spans.at_us[i]!;
    const stop_us = spans.endOf(i, range.end_us);
    const us = Math.min(stop_us, right_us) - Math.max(start_us, left_us);
    if (us <= 0) continue;
    const code = spans.codes[i]!;
    brush.times_us[code]! += us;
    // What is shorter than a column must still show; the edge of what is longer had better be sharp.
    if (stop_us - start_us < column_us && code !== brush.nothing) isCrowded = true;
    if (us > most_us) {
      most = i;
      most_us = us;
    }
  }
  if (isCrowded) brush.mixed(column);
  else if (most_us > 0) brush.plain(spans.codes[most]!, column, column + 1);
}
