import type { LaneBox } from './geometry.ts';
import type { Told } from './inspector.ts';
import type { View } from './scale.ts';

/** Put a marker around what is in view of a span. */
export function placeMarker(marker: HTMLElement, { start_us, end_us }: Told, { top, height }: LaneBox, { from_us, to_us }: View): void {
  const share = (us: number) => Math.min(Math.max((us - from_us) / (to_us - from_us), 0), 1);
  const [left, right] = [share(start_us), share(end_us)];
  const box = { left: `${left * 100}%`, width: `${(right - left) * 100}%`, top: `${top}px`, height: `${height}px` };
  for (const [side, length] of Object.entries(box)) marker.style.setProperty(side, length);
}
