// Wheel, drag and pinch over a timeline move the shared view; the page scrolls as ever. A wheel alone is the page's,
// and so is one finger that moves up or down.

import type { Scale } from './scale.ts';

/** What an element does with a pointer that drags nothing. */
export interface Pointing {
  /** The pointer is here, in CSS pixels of the canvas. */
  at(x: number, y: number): void;
  gone(): void;
}

const WHEEL_LINE = 16;
/** Pixels of a wheel that halve what is in view; a pinch on a touchpad comes as small steps of one. */
const HALVING = 160;
const DOUBLE_CLICK = 3;

export class Gestures {
  /** Where each pointer is that is down. */
  readonly #down = new Map<number, number>();

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly scale: () => Scale,
    private readonly pointing: Pointing,
  ) {
    canvas.addEventListener('wheel', this.#wheel, { passive: false });
    canvas.addEventListener('dblclick', ({ clientX }) => this.scale().zoom(DOUBLE_CLICK, this.#timeAt(clientX)));
    canvas.addEventListener('pointerdown', this.#press);
    canvas.addEventListener('pointermove', this.#move);
    for (const end of ['pointerup', 'pointercancel'] as const) canvas.addEventListener(end, this.#release);
    // A finger that is lifted has left, too, but what it pointed at is still to be read.
    canvas.addEventListener('pointerleave', ({ pointerType }) => {
      if (pointerType !== 'touch') this.pointing.gone();
    });
  }

  #timeAt(clientX: number): number {
    const { left, width } = this.canvas.getBoundingClientRect();
    return this.scale().view.from_us + ((clientX - left) / width) * this.scale().span_us;
  }

  readonly #wheel = (event: WheelEvent) => {
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? WHEEL_LINE : 1;
    const scale = this.scale();
    if (event.ctrlKey || event.metaKey) {
      scale.zoom(2 ** ((-event.deltaY * unit) / HALVING), this.#timeAt(event.clientX));
    } else {
      // Some systems turn the wheel themselves when the shift key is down, others leave it to the page.
      const turns = event.shiftKey && event.deltaX === 0;
      const [across, along] = turns ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
      if (scale.isWhole || Math.abs(across) <= Math.abs(along)) return;
      scale.pan((across * unit) / this.canvas.clientWidth);
    }
    event.preventDefault();
  };

  readonly #press = (event: PointerEvent) => {
    if (event.button !== 0) return;
    this.#down.set(event.pointerId, event.clientX);
    this.canvas.setPointerCapture(event.pointerId);
    this.pointing.at(event.offsetX, event.offsetY);
  };

  readonly #move = (event: PointerEvent) => {
    const before = this.#down.get(event.pointerId);
    if (before === undefined) return this.pointing.at(event.offsetX, event.offsetY);
    const other = [...this.#down].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) this.scale().pan((before - event.clientX) / this.canvas.clientWidth);
    else this.#pinch(other, before, event.clientX);
    this.#down.set(event.pointerId, event.clientX);
  };

  /** Keep the times under both fingers where they are. */
  #pinch(still: number, before: number, after: number): void {
    const apart = Math.abs(after - still);
    if (apart < 1) return;
    this.scale().zoom(apart / Math.max(1, Math.abs(before - still)), this.#timeAt(still));
  }

  readonly #release = ({ pointerId }: PointerEvent) => {
    this.#down.delete(pointerId);
  };
}
