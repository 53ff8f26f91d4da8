// Paints one round on a canvas, pixel by pixel: what a frame costs depends on the pixels, and on the spans in view.
// Cheap on purpose, because while a round is on the cores are busy measuring: a frame paints only from what was
// certain at the frame before; everything again only when something else changed.

import type { Model } from '../host/index.ts';
import { inkOnWorker, lockTiles, tiles } from '../palette.ts';
import { type Grid, paintColumns } from './columns.ts';
import { heightOf, laneBoxes } from './geometry.ts';
import { FREE, type LockRow } from './lock-row.ts';
import { Raster } from './raster.ts';
import type { Round } from './round.ts';
import type { View } from './scale.ts';
import type { Spans } from './spans.ts';

const MAX_PIXEL_RATIO = 2;
/** Widths in CSS pixels: of a pattern; of a turn that has room for its holder's number, and for a mark at its end. */
const STEP = 6;
const NUMBERED = 16;
const MARKED = 12;

/** What there is to paint. */
interface Lanes {
  model: Model;
  /** Of workers. */
  rows: number;
  hasLock: boolean;
}

export class Painter {
  #ctx: CanvasRenderingContext2D;
  #image?: ImageData;
  #lock?: Raster;
  #rows: Raster[] = [];
  #dpr = 1;
  #lockHeight = 0;
  #ink = '';
  #round: Round | undefined;
  #view: View | undefined;
  #ended = false;
  /** Up to which time the paint is certain. */
  #certain_us = 0;

  constructor(readonly canvas: HTMLCanvasElement) {
    this.#ctx = canvas.getContext('2d')!;
  }

  /** Take over the size of the canvas' box, and the theme's colours. The next frame paints everything. */
  layout({ model, rows, hasLock }: Lanes): void {
    const { canvas } = this;
    const boxes = laneBoxes(rows, hasLock);
    const dpr = (this.#dpr = Math.min(devicePixelRatio, MAX_PIXEL_RATIO));
    const px = (css: number) => Math.round(css * dpr);
    const width = (canvas.width = Math.max(1, px(canvas.clientWidth)));
    canvas.height = Math.max(1, px(heightOf(boxes)));
    this.#image = this.#ctx.createImageData(width, canvas.height);
    const pixels = new Uint32Array(this.#image.data.buffer);
    const [step, workers] = [px(STEP), boxes.slice(hasLock ? 1 : 0)];
    const rowHeight = px(workers[0]?.height ?? 0);
    const looks = tiles(canvas, model, { height: rowHeight, step });
    this.#rows = workers.map(({ top }) => new Raster(pixels, width, px(top), rowHeight, looks, step, undefined));
    this.#lockHeight = hasLock ? px(boxes[0]!.height) : 0;
    const holders = hasLock ? lockTiles(canvas, workers.length, { height: this.#lockHeight, step }) : [];
    this.#lock = hasLock ? new Raster(pixels, width, 0, this.#lockHeight, holders, step, FREE) : undefined;
    this.#ink = getComputedStyle(canvas).color;
    this.#round = undefined;
  }

  /** Bring the canvas up to date. */
  frame(round: Round | undefined, now_us: number, view: View): void {
    if (!this.#image) return;
    const ended = round?.end_us !== undefined;
    if (round !== this.#round || view !== this.#view || ended !== this.#ended) this.#certain_us = -Infinity;
    else if (!round || this.#certain_us >= (round.end_us ?? Infinity)) return;
    [this.#round, this.#view, this.#ended] = [round, view, ended];
    if (!round) return this.#ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
    round.followLock();
    this.#paint(round, round.end_us ?? now_us, view);
  }

  #paint(round: Round, end_us: number, view: View): void {
    const { width, height } = this.canvas;
    const grid = { origin_us: round.start_us + view.from_us, column_us: (view.to_us - view.from_us) / width };
    const first = this.#firstColumn(round, grid);
    if (first >= width) return;
    const lane = (raster: Raster, spans: Spans, until_us: number) => {
      raster.clear(first, width);
      paintColumns(spans, grid, { start_us: round.start_us, end_us: until_us, first, last: width }, raster);
    };
    round.rows.forEach((row, i) => {
      const raster = this.#rows[i];
      // While workers start, their traces may come late; what is not known then is left out.
      if (raster) lane(raster, row, round.kind === 'start-up' ? Math.min(row.known_us, end_us) : end_us);
    });
    if (this.#lock && round.lock) lane(this.#lock, round.lock, end_us);
    else this.#lock?.clear(first, width);
    this.#ctx.putImageData(this.#image!, 0, 0, first, 0, width - first, height);
    if (round.lock) this.#mark(round.lock, grid, first, end_us);
    this.#certain_us = Math.min(end_us, ...round.rows.map((row) => row.known_us));
  }

  /** The first column that is not as it was: where the lock's turn began that may have changed. */
  #firstColumn({ lock }: Round, { origin_us, column_us }: Grid): number {
    const turn = lock ? Math.max(0, lock.indexAt(this.#certain_us) - 1) : 0;
    const from_us = lock ? Math.min(this.#certain_us, lock.at_us[turn] ?? Infinity) : this.#certain_us;
    return Math.max(0, Math.floor((from_us - origin_us) / column_us));
  }

  /** Where there is room: who holds the lock, and where it had to be let go. */
  #mark(lock: LockRow, grid: Grid, first: number, end_us: number): void {
    const ctx = this.#ctx;
    const [dpr, height, { width }] = [this.#dpr, this.#lockHeight, this.canvas];
    const x = (us: number) => (us - grid.origin_us) / grid.column_us;
    ctx.font = `600 ${10 * dpr}px system-ui, sans-serif`;
    [ctx.textAlign, ctx.textBaseline] = ['center', 'middle'];
    for (let i = Math.max(0, lock.indexAt(grid.origin_us + first * grid.column_us)); i < lock.count; i++) {
      const [left, right] = [x(lock.at_us[i]!), x(lock.endOf(i, end_us))];
      if (left > width) return;
      const holder = lock.holder(i);
      if (holder === undefined || right - left < MARKED * dpr) continue;
      const [shownLeft, shownRight] = [Math.max(left, 0), Math.min(right, width)];
      if (shownRight - shownLeft >= NUMBERED * dpr) {
        ctx.fillStyle = inkOnWorker(holder);
        ctx.fillText(String(holder), (shownLeft + shownRight) / 2, height / 2 + dpr / 2);
      }
      if (!lock.forced[i] || right > width) continue;
      ctx.fillStyle = this.#ink;
      ctx.fillRect(Math.round(right - dpr), 0, Math.round(2 * dpr), height);
    }
  }
}
