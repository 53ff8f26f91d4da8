// The page's one drawing loop. A frame costs a few milliseconds of some core, whatever is drawn in it, and
// the cores are what is being measured: so one loop serves all lanes, and it is slow where it would be measured
// too. A timer, because a frame that is asked for by `requestAnimationFrame` costs half as much again, drawn or not.

/** How often is drawn. */
export type Pace = 'lively' | 'sparing';

/** Milliseconds from one frame to the next. Without a GPU 30 frames a second took an eighth of a 2-core machine. */
const FRAME_MS: Record<Pace, number> = { lively: 33, sparing: 100 };
/** For a reader who wants less motion. */
const STILL_MS = 250;

const STILL = matchMedia('(prefers-reduced-motion: reduce)');

/** Call `draw` again and again while there is a pace. */
export function frames(pace: () => Pace | undefined, draw: () => void): void {
  const frame = () => {
    const now = pace();
    if (!now) return;
    if (!document.hidden) draw();
    setTimeout(frame, STILL.matches ? STILL_MS : FRAME_MS[now]);
  };
  frame();
}
