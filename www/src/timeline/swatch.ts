import type { RowSize, Tile } from '../palette.ts';

const STEP = 6;

/** The size of a swatch in device pixels. */
export function sizeOf(height: number): RowSize {
  const dpr = Math.min(devicePixelRatio, 2);
  return { height: Math.round(height * dpr), step: Math.round(STEP * dpr) };
}

/** Fill a canvas of so many CSS pixels with patterns side by side, each as wide as its share of all. */
export function paintSwatch(canvas: HTMLCanvasElement, width: number, row: RowSize, parts: readonly { tile: Tile; share: number }[]): void {
  canvas.width = Math.round((width * row.step) / STEP);
  canvas.height = row.height;
  const image = new ImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  const sum = parts.reduce((sum, { share }) => sum + share, 0);
  let [left, edge] = [0, 0];
  for (const { tile, share } of parts) {
    edge += (share / sum) * canvas.width;
    const right = Math.round(edge);
    for (let y = 0; y < row.height; y++) {
      for (let x = left; x < right; x++) pixels[y * canvas.width + x] = tile[y * row.step + (x % row.step)]!;
    }
    left = right;
  }
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}
