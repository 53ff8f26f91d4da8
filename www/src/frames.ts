// The page's one drawing loop. A frame costs a few milliseconds of some core, whatever is drawn in it, and
// the cores are what is being measured: so one loop serves all lanes. A timer, because a frame that is asked
// for by `requestAnimationFrame` costs half as much again, drawn or not.

/** Milliseconds from one frame to the next: 30 frames a second, fewer for a reader who wants less motion. */
const FRAME_MS = { live: 33, still: 250 };

const STILL = matchMedia('(prefers-reduced-motion: reduce)');

/** Call `draw` again and again while `running`. */
export function frames(running: () => boolean, draw: () => void): void {
  const frame = () => {
    if (!running()) return;
    if (!document.hidden) draw();
    setTimeout(frame, STILL.matches ? FRAME_MS.still : FRAME_MS.live);
  };
  frame();
}
