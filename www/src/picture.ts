// The picture that a workload paints, tile by tile, coloured by worker.

import type { Tile } from './host/index.ts';
import { workerColour } from './palette.ts';

/** Iterations after which a point counts as inside the set. */
const INSIDE = 1000;
const MOST_PIXELS = 512;

/** Colours by iteration count, as RGBA words. */
function shades(worker: number): Uint32Array {
  const colour = Number.parseInt(workerColour(worker).slice(1), 16);
  const table = new Uint32Array(INSIDE + 1);
  for (let n = 0; n <= INSIDE; n++) {
    const light = n === INSIDE ? 0.1 : 0.45 + 0.55 * (Math.log1p(n) / Math.log1p(INSIDE));
    const channel = (shift: number) => Math.min(255, Math.round(((colour >> shift) & 255) * light));
    table[n] = (0xff << 24) | (channel(0) << 16) | (channel(8) << 8) | channel(16);
  }
  return table;
}

export class Picture {
  #ctx: CanvasRenderingContext2D;
  #size = 0;
  #shades: Uint32Array[] = [];

  constructor(readonly canvas: HTMLCanvasElement) {
    this.#ctx = canvas.getContext('2d')!;
  }

  /** Start an empty picture of a workload that is `size` pixels wide and high. */
  clear(size: number): void {
    this.#size = size;
    this.canvas.width = this.canvas.height = Math.min(size, MOST_PIXELS);
  }

  /** Paint a tile; a picture larger than the canvas is sampled. */
  paint(worker: number, tile: Tile, counts: ArrayLike<number>): void {
    const zoom = this.canvas.width / this.#size;
    const [left, top] = [Math.ceil(tile.x * zoom), Math.ceil(tile.y * zoom)];
    const width = Math.ceil((tile.x + tile.width) * zoom) - left;
    const height = Math.ceil((tile.y + tile.height) * zoom) - top;
    if (width < 1 || height < 1) return;
    const table = (this.#shades[worker] ??= shades(worker));
    const image = this.#ctx.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let y = 0; y < height; y++) {
      const row = (Math.floor((top + y) / zoom) - tile.y) * tile.width;
      for (let x = 0; x < width; x++) {
        pixels[y * width + x] = table[counts[row + Math.floor((left + x) / zoom) - tile.x] ?? 0]!;
      }
    }
    this.#ctx.putImageData(image, left, top);
  }
}
