// Paints one round on a canvas. Cheap on purpose, because the cores are busy measuring: a frame paints
// only from the point that was certain at the frame before; everything again only when something else changed.

import type { Model, State } from './host/index.ts';
import type { Round, Row } from './live.ts';
import { fills, type RowSize } from './palette.ts';

const MAX_PIXEL_RATIO = 2;

/** Height and gap of a row in CSS pixels, by the number of rows. */
function rowHeight(rows: number): [number, number] {
  if (rows <= 2) return [18, 4];
  if (rows <= 4) return [13, 3];
  if (rows <= 8) return [8, 2];
  return rows <= 16 ? [5, 2] : [4, 1];
}

/** The canvas' height for so many rows, in CSS pixels. */
export function timelineHeight(rows: number): number {
  const [height, gap] = rowHeight(rows);
  return rows * (height + gap) - gap;
}

export class Painter {
  #ctx: CanvasRenderingContext2D;
  #fills?: Map<State, CanvasPattern>;
  #row: RowSize = { height: 1, gap: 0, step: 8 };
  #scale_us = 0;
  #round: Round | undefined;
  #ended = false;
  /** By row: the transition that is in force at, and the time up to which, the paint is certain. */
  #painted: { index: number; us: number }[] = [];

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly model: Model,
  ) {
    this.#ctx = canvas.getContext('2d')!;
  }

  /** Take over the size of the canvas' box, and the theme's colours. The next frame paints everything. */
  layout(rows: number): void {
    const dpr = Math.min(devicePixelRatio, MAX_PIXEL_RATIO);
    const [height, gap] = rowHeight(rows);
    this.canvas.width = Math.max(1, Math.round(this.canvas.clientWidth * dpr));
    this.canvas.height = Math.round(timelineHeight(rows) * dpr);
    const pitch = Math.round((height + gap) * dpr);
    this.#row = { height: Math.round(height * dpr), gap: pitch - Math.round(height * dpr), step: Math.round(6 * dpr) };
    this.#fills = fills(this.canvas, this.model, this.#row);
    this.#round = undefined;
  }

  /** Bring the canvas up to date. */
  frame(round: Round | undefined, now_us: number, scale_us: number): void {
    if (!this.#fills) return;
    const ended = round?.end_us !== undefined;
    if (round !== this.#round || scale_us !== this.#scale_us || ended !== this.#ended) {
      this.#ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
      this.#painted = round?.rows.map(() => ({ index: 0, us: round.start_us })) ?? [];
      [this.#round, this.#scale_us, this.#ended] = [round, scale_us, ended];
    }
    const end_us = round?.end_us ?? now_us;
    round?.rows.forEach((row, i) => {
      // While workers start, their traces may come late; what is not known then is left out.
      const until_us = round.kind === 'start-up' ? Math.min(row.known_us, end_us) : end_us;
      this.#paintRow(row, i, round.start_us, until_us);
    });
  }

  #paintRow(row: Row, i: number, start_us: number, end_us: number): void {
    const painted = this.#painted[i];
    if (!painted || end_us <= start_us) return;
    const x = (us: number) => Math.round(((us - start_us) / this.#scale_us) * this.canvas.width);
    const y = i * (this.#row.height + this.#row.gap);
    const from_us = Math.max(painted.us, start_us);
    this.#ctx.clearRect(x(from_us), y, x(end_us) - x(from_us) + 1, this.#row.height);
    const last = row.states.length - 1;
    for (let k = painted.index; k <= last; k++) {
      const left = x(Math.max(row.at_us[k]!, from_us));
      const right = x(Math.min(k < last ? row.at_us[k + 1]! : end_us, end_us));
      if (right < left) continue;
      const fill = this.#fills!.get(row.states[k]!);
      if (!fill) continue;
      // What is shorter than a pixel still shows, until what follows paints over it.
      const width = Math.max(1, right - left);
      this.#ctx.clearRect(left, y, width, this.#row.height);
      this.#ctx.fillStyle = fill;
      this.#ctx.fillRect(left, y, width, this.#row.height);
    }
    this.#painted[i] = { index: Math.max(0, last), us: Math.min(row.known_us, end_us) };
  }
}
