// The page's one drawing loop. A frame costs about 4 ms of some core, whatever is drawn in it, and the cores
// are what is being measured: so frames are few where no core is idle. A timer, because a frame that is asked
// for by `requestAnimationFrame` costs half as much again, drawn or not.

/** Milliseconds from one frame to the next. */
export const FRAME_MS = {
  /** A core is idle. */
  spare: 33,
  /** The run takes every core there is. */
  busy: 100,
  /** The reader asked the system for less motion. */
  still: 250,
};

const STILL = matchMedia('(prefers-reduced-motion: reduce)');

/** Call `draw` while `running`; `busy` says whether the run takes every core just now. */
export function frames(running: () => boolean, busy: () => boolean, draw: () => void): void {
  const frame = () => {
    if (!running()) return;
    if (!document.hidden) draw();
    setTimeout(frame, STILL.matches ? FRAME_MS.still : busy() ? FRAME_MS.busy : FRAME_MS.spare);
  };
  frame();
}
