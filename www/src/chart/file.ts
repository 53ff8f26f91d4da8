// A drawing as a file that stands alone: its title and legend within, every colour as it is on the page now.

import type { Chart } from '../host/index.ts';
import { saveBlob } from '../save.ts';
import { looks } from './look.ts';

const SVG = 'http://www.w3.org/2000/svg';
const MARGIN = 14;
const FONT = 'system-ui, sans-serif';

/** The colour of CSS text as this page shows it, whatever theme and custom properties it depends on. */
function resolver(beside: Element): { colour: (text: string) => string; end: () => void } {
  const probe = document.createElement('span');
  beside.append(probe);
  const known = new Map<string, string>();
  const colour = (text: string) => {
    let resolved = known.get(text);
    if (resolved === undefined) {
      probe.style.color = text;
      resolved = hex(getComputedStyle(probe).color);
      known.set(text, resolved);
    }
    return resolved;
  };
  return { colour, end: () => probe.remove() };
}

/** A canvas knows all that the page knows; a file's reader may not know `oklab()`. */
function hex(colour: string): string {
  const ctx = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  ctx.fillStyle = colour;
  ctx.fillRect(0, 0, 1, 1);
  const [r, g, b] = ctx.getImageData(0, 0, 1, 1).data;
  return `#${[r!, g!, b!].map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

function element(name: string, attributes: Record<string, string | number>, text = ''): SVGElement {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.textContent = text;
  return node;
}

/** Words in lines of at most so many pixels. */
function wrap(text: string, width: number, size: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length * size * 0.6 <= width || lines.at(-1) === '') lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Title and legend above the drawing; says how high they are. */
function heading(chart: Chart, width: number): { nodes: SVGElement[]; height: number } {
  let y = MARGIN;
  const nodes = wrap(chart.title, width - 2 * MARGIN, 16).map((line) =>
    element('text', { x: MARGIN, y: (y += 20), 'font-size': 16, 'font-weight': 600, fill: 'var(--ink)', 'font-family': FONT }, line),
  );
  y += 10;
  let x = MARGIN;
  const legend = looks(chart);
  if (legend.length > 1 || chart.form === 'lines') {
    y += 14;
    for (const { name, colour, dash } of legend) {
      const wide = 36 + name.length * 7.2;
      if (x > MARGIN && x + wide > width - MARGIN) [x, y] = [MARGIN, y + 20];
      nodes.push(
        element('line', { x1: x, x2: x + 20, y1: y - 4, y2: y - 4, stroke: colour, 'stroke-width': dash ? 2.5 : 8, ...(dash ? { 'stroke-dasharray': dash } : {}) }),
        element('text', { x: x + 26, y, 'font-size': 13, fill: 'var(--ink-soft)', 'font-family': FONT }, name),
      );
      x += wide;
    }
  }
  return { nodes, height: y + 8 };
}

/** The chart as the text of an SVG file, and its size. */
function standalone(chart: Chart, drawing: SVGSVGElement): { text: string; width: number; height: number } {
  const [width, inner] = [Number(drawing.getAttribute('width')), Number(drawing.getAttribute('height'))];
  const head = heading(chart, width);
  const height = head.height + inner + 26;
  const file = element('svg', { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` });
  const body = drawing.cloneNode(true) as SVGSVGElement;
  body.setAttribute('y', String(head.height));
  body.removeAttribute('aria-hidden');
  const source = `measured by gilscope, ${new Date().toISOString().slice(0, 10)}`;
  file.append(
    element('rect', { width, height, fill: 'var(--paper)' }),
    ...head.nodes,
    body,
    element('text', { x: width - MARGIN, y: height - 10, 'text-anchor': 'end', 'font-size': 11, fill: 'var(--ink-soft)', 'font-family': FONT }, source),
  );
  const { colour, end } = resolver(drawing.parentElement!);
  for (const node of file.querySelectorAll('*')) {
    for (const name of ['fill', 'stroke']) {
      const value = node.getAttribute(name);
      if (value?.includes('var(') || value?.includes('color-mix')) node.setAttribute(name, colour(value));
      if (value === 'currentColor') node.setAttribute(name, colour('var(--ink-soft)'));
    }
  }
  body.style.color = colour('var(--ink-soft)');
  end();
  return { text: new XMLSerializer().serializeToString(file), width, height };
}

export async function saveDrawing(kind: 'svg' | 'png', name: string, chart: Chart, drawing: SVGSVGElement): Promise<void> {
  const { text, width, height } = standalone(chart, drawing);
  if (kind === 'svg') return saveBlob(`${name}.svg`, new Blob([text], { type: 'image/svg+xml' }));
  const image = new Image();
  // The Content-Security-Policy allows images of data: URLs, not of blobs.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: width * 2, height: height * 2 });
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (blob) saveBlob(`${name}.png`, blob);
}
