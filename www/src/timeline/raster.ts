import type { Tile } from '../palette.ts';
import type { Brush } from './columns.ts';

/** One lane in the pixels of a canvas. */
export class Raster implements Brush {
  readonly times_us: Float64Array;

  constructor(
    /** All pixels of the canvas, row by row, and how many a row has. */
    private readonly pixels: Uint32Array,
    private readonly width: number,
    private readonly top: number,
    private readonly height: number,
    /** By code; all are `step` wide and as high as the lane. */
    private readonly tiles: readonly Tile[],
    private readonly step: number,
    readonly nothing: number | undefined,
  ) {
    this.times_us = new Float64Array(tiles.length);
  }

  clear(from: number, to: number): void {
    for (let y = 0; y < this.height; y++) {
      const row = (this.top + y) * this.width;
      this.pixels.fill(0, row + from, row + to);
    }
  }

  plain(code: number, from: number, to: number): void {
    for (let x = from; x < to; x++) this.#stack(code, x, 0, this.height);
  }

  /** From below, what there is in the order of the codes: each as high as its share, and high enough to be seen. */
  mixed(x: number): void {
    let [sum_us, kinds] = [0, 0];
    for (const us of this.times_us) {
      sum_us += us;
      if (us > 0) kinds++;
    }
    const least = leastHeight(this.height, kinds);
    const shared = this.height - least * kinds;
    let [below, edge] = [0, 0];
    for (let code = 0; code < this.times_us.length; code++) {
      const us = this.times_us[code]!;
      if (us <= 0) continue;
      edge += least + (us / sum_us) * shared;
      const above = Math.round(edge);
      this.#stack(code, x, below, above);
      below = above;
    }
  }

  /** Fill a column with a pattern between two heights, counted from the bottom. */
  #stack(code: number, x: number, below: number, above: number): void {
    const tile = this.tiles[code]!;
    const column = x % this.step;
    for (let y = this.height - above; y < this.height - below; y++) {
      this.pixels[(this.top + y) * this.width + x] = tile[y * this.step + column]!;
    }
  }
}

/** How high the least of several kinds is; at least half of the height goes by shares alone, where pixels allow. */
function leastHeight(height: number, kinds: number): number {
  const seen = Math.max(1, Math.min(height / 8, height / (2 * kinds)));
  return Math.min(seen, height / kinds);
}
