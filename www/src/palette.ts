// Colours and patterns of models, states and workers. The colours themselves are custom properties of
// styles/tokens.css, in both themes; patterns are here, so that the timeline and the legend cannot differ.

import type { Model, State } from './host/index.ts';

const VARIABLES: Partial<Record<State, string>> = {
  waiting: '--state-waiting',
  idle: '--state-idle',
  starting: '--state-starting',
  sending: '--state-channel',
  receiving: '--state-channel',
  blocked: '--state-blocked',
};

/** The custom property that colours a state of a worker of a model. */
function variable(state: State, model: Model): string {
  return VARIABLES[state] ?? `--model-${model}`;
}

/** Draws one tile of a state's pattern: `step` wide, repeated to the right; `height` is the row's. */
type Pattern = (ctx: CanvasRenderingContext2D, step: number, height: number) => void;

const dots: Pattern = (ctx, step, height) => {
  for (let y = step / 4; y < height; y += step / 2) ctx.fillRect(step / 4, y, step / 4, step / 4);
};

const PATTERNS: Record<State, Pattern | undefined> = {
  running: (ctx, step, height) => ctx.fillRect(0, 0, step, height),
  waiting: (ctx, step, height) => {
    // Fainter than what runs, because where workers take turns most of them wait.
    ctx.globalAlpha = 0.13;
    ctx.fillRect(0, 0, step, height);
    ctx.globalAlpha = 0.7;
    ctx.lineWidth = step / 5;
    ctx.beginPath();
    // Slanted lines one step apart, over the edges, so that the tiles join.
    for (let x = -Math.ceil(height / step) * step; x <= step * 2; x += step) {
      ctx.moveTo(x, height);
      ctx.lineTo(x + height, 0);
    }
    ctx.stroke();
  },
  idle: (ctx, step, height) => ctx.fillRect(0, Math.floor(height / 2), step, Math.max(1, step / 8)),
  starting: dots,
  blocked: (ctx, step, height) => {
    ctx.strokeRect(0.5, 0.5, step - 1, height - 1);
  },
  sending: (ctx, step, height) => {
    ctx.fillRect(0, 0, step / 4, height);
    ctx.fillRect(step / 2, 0, step / 4, height);
  },
  receiving: (ctx, step, height) => {
    for (let y = 0; y < height; y += step / 2) ctx.fillRect(0, y, step, step / 4);
  },
  dead: undefined,
};

/** A row of a timeline in device pixels. */
export interface RowSize {
  height: number;
  gap: number;
  /** Width of one repetition of a pattern. */
  step: number;
}

/** The states of a model as fill styles for rows of this size, in the colours that hold for `element` now. */
export function fills(element: Element, model: Model, row: RowSize): Map<State, CanvasPattern> {
  const styles = getComputedStyle(element);
  const canvas = document.createElement('canvas');
  canvas.width = row.step;
  canvas.height = row.height + row.gap;
  const ctx = canvas.getContext('2d')!;
  const result = new Map<State, CanvasPattern>();
  for (const state of Object.keys(PATTERNS) as State[]) {
    ctx.clearRect(0, 0, canvas.width, canvas.height);
    ctx.save();
    ctx.beginPath();
    ctx.rect(0, 0, row.step, row.height);
    ctx.clip();
    ctx.fillStyle = ctx.strokeStyle = styles.getPropertyValue(variable(state, model));
    PATTERNS[state]?.(ctx, row.step, row.height);
    ctx.restore();
    result.set(state, ctx.createPattern(canvas, 'repeat')!);
  }
  return result;
}

/** Colours of workers in a picture (Okabe and Ito, without black); they repeat after the eighth. */
const WORKERS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#f0e442', '#8f8f8f'];

export function workerColour(worker: number): string {
  return WORKERS[worker % WORKERS.length]!;
}
