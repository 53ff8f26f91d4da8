// Colours and patterns of models, states and workers. The colours themselves are custom properties of
// styles/tokens.css, in both themes; patterns are here, so that the timeline and the legend cannot differ.

import type { Model } from './host/index.ts';
import { type Look, LOOKS } from './timeline/looks.ts';

const VARIABLES: Partial<Record<Look, string>> = {
  waiting: '--state-waiting',
  idle: '--state-idle',
  starting: '--state-starting',
  sending: '--state-channel',
  receiving: '--state-channel',
  blocked: '--state-blocked',
};

/** The custom property that colours what a worker of a model does. */
function variable(look: Look, model: Model): string {
  return VARIABLES[look] ?? `--model-${model}`;
}

/** How much of its colour a pattern has at a point of its tile: `step` wide, repeated to the right; `height` is the row's. */
type Pattern = (x: number, y: number, step: number, height: number) => number;

const dots: Pattern = (x, y, step) => (x >= step / 4 && x < step / 2 && (y + step / 4) % (step / 2) < step / 4 ? 1 : 0);

const PATTERNS: Record<Look, Pattern> = {
  running: () => 1,
  // The model's colour behind bars: it computes as well, beside whoever has the lock.
  unlocked: (_, y, step, height) => (y < step / 4 || y >= height - step / 4 ? 1 : (y + step / 8) % (step / 2) < step / 4 ? 0.75 : 0.3),
  // Slanted lines, fainter than what runs, because where workers take turns most of them wait.
  waiting: (x, y, step) => ((x + y) % step < step * 0.28 ? 0.74 : 0.13),
  idle: (_, y, step, height) => (y >= Math.floor(height / 2) && y < Math.floor(height / 2) + Math.max(1, step / 8) ? 1 : 0),
  starting: dots,
  blocked: (x, y, step, height) => (x < step / 6 || y < step / 6 || y >= height - step / 6 ? 1 : 0),
  sending: (x, _, step) => (x % (step / 2) < step / 4 ? 1 : 0),
  receiving: (_, y, step) => (y % (step / 2) < step / 4 ? 1 : 0),
  dead: () => 0,
};

/** A row of a timeline in device pixels. */
export interface RowSize {
  height: number;
  /** Width of one repetition of a pattern. */
  step: number;
}

/** One repetition of a pattern, as the pixels of an `ImageData`, row by row. */
export type Tile = Uint32Array;

/** Points of a pixel that are looked at, in each direction. */
const POINTS = 3;

/** The share of a pixel that has its colour. */
function coverage(pattern: Pattern, x: number, y: number, { step, height }: RowSize): number {
  let sum = 0;
  for (let i = 0; i < POINTS * POINTS; i++) {
    sum += pattern(x + ((i % POINTS) + 0.5) / POINTS, y + (Math.floor(i / POINTS) + 0.5) / POINTS, step, height);
  }
  return sum / (POINTS * POINTS);
}

/** Pixels of an `ImageData` are red, green, blue and alpha; in a word of every machine that browsers run on, backwards. */
function pixel([red, green, blue]: readonly number[], alpha: number): number {
  return ((Math.round(alpha * 255) << 24) | (blue! << 16) | (green! << 8) | red!) >>> 0;
}

/** What a worker of a model does as a tile, in the colours that hold for `element` now. */
export function tileOf(element: Element, model: Model, look: Look, row: RowSize): Tile {
  const colour = channels(getComputedStyle(element).getPropertyValue(variable(look, model)));
  return Uint32Array.from({ length: row.step * row.height }, (_, i) =>
    pixel(colour, coverage(PATTERNS[look], i % row.step, Math.floor(i / row.step), row)),
  );
}

/** All that it does, by code. */
export function tiles(element: Element, model: Model, row: RowSize): Tile[] {
  return LOOKS.map((look) => tileOf(element, model, look, row));
}

/** Red, green and blue of a computed colour, which is `rgb(1, 2, 3)`. */
function channels(computed: string): number[] {
  return (computed.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
}

/** Colours of workers (Okabe and Ito, without black), and what can be read on them; they repeat after the eighth. */
const WORKERS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#f0e442', '#8f8f8f'];
const DARK = '#0b0e11';
const READABLE = ['#ffffff', DARK, DARK, DARK, DARK, DARK, DARK, DARK];

export function workerColour(worker: number): string {
  return WORKERS[worker % WORKERS.length]!;
}

export function inkOnWorker(worker: number): string {
  return READABLE[worker % READABLE.length]!;
}

/** A lock's lane as tiles: nobody holds it, then by worker. */
export function lockTiles(element: Element, workers: number, row: RowSize): Tile[] {
  const size = row.step * row.height;
  const free = channels(getComputedStyle(element).getPropertyValue('--state-idle'));
  const held = Array.from({ length: workers }, (_, worker) => {
    const colour = [1, 3, 5].map((at) => Number.parseInt(workerColour(worker).slice(at, at + 2), 16));
    return new Uint32Array(size).fill(pixel(colour, 1));
  });
  const nobody = Uint32Array.from({ length: size }, (_, i) =>
    pixel(free, coverage(PATTERNS.idle, i % row.step, Math.floor(i / row.step), row)),
  );
  return [nobody, ...held];
}
