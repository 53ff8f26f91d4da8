// Where the lanes of a timeline are, from the top, in CSS pixels.

export interface LaneBox {
  top: number;
  height: number;
}

const LOCK: LaneBox = { top: 0, height: 14 };
const LOCK_GAP = 5;

/** Height and gap of a worker's lane, by the number of workers. */
function rowHeight(rows: number): [number, number] {
  if (rows <= 2) return [18, 4];
  if (rows <= 4) return [13, 3];
  if (rows <= 8) return [8, 2];
  return rows <= 16 ? [5, 2] : [4, 1];
}

/** The lanes: that of the lock comes first, where there is one. */
export function laneBoxes(rows: number, hasLock: boolean): LaneBox[] {
  const [height, gap] = rowHeight(rows);
  const top = hasLock ? LOCK.height + LOCK_GAP : 0;
  const workers = Array.from({ length: rows }, (_, i) => ({ top: top + i * (height + gap), height }));
  return hasLock ? [LOCK, ...workers] : workers;
}

export function heightOf(boxes: readonly LaneBox[]): number {
  const last = boxes.at(-1);
  return last ? last.top + last.height : 0;
}
