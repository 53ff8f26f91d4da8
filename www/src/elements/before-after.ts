import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { count } from '../format.ts';
import type { Core, Experiment, Picture } from '../host/index.ts';
import { PageElement } from './page-element.ts';

/** Most tasks of a batch whose pictures are shown. */
const MOST_TASKS = 4;

function draw(canvas: HTMLCanvasElement, { edge, rgb }: Picture): void {
  canvas.width = canvas.height = edge;
  const image = new ImageData(edge, edge);
  for (let pixel = 0; pixel < edge * edge; pixel++) {
    for (let colour = 0; colour < 3; colour++) image.data[4 * pixel + colour] = rgb[3 * pixel + colour]!;
    image.data[4 * pixel + 3] = 255;
  }
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}

/** Pictures of a workload that changes them, before and after. Made in the page, once the run has ended. */
@customElement('gs-before-after')
export class BeforeAfter extends PageElement {
  @property({ attribute: false }) core!: Core;
  /** What was run; absent while it runs. */
  @property({ attribute: false }) experiment?: Experiment;
  @state() private pairs: Picture[][] = [];

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('experiment')) void this.#make();
    const canvases = this.querySelectorAll('canvas');
    if (changed.has('pairs')) this.pairs.flat().forEach((picture, i) => draw(canvases[i]!, picture));
  }

  /** A pair at a time, so that the page stays free in between. */
  async #make(): Promise<void> {
    const { experiment } = this;
    this.pairs = [];
    for (let task = 0; experiment && task < Math.min(experiment.tasks!, MOST_TASKS); task++) {
      await new Promise((resolve) => setTimeout(resolve));
      if (this.experiment !== experiment) return;
      const pair = this.core.beforeAndAfter(experiment, task);
      if (pair.length === 0) return;
      this.pairs = [...this.pairs, pair];
    }
  }

  protected override render() {
    const [pair] = this.pairs;
    if (!pair || !this.experiment) return nothing;
    const [before, after] = pair.map(({ edge }) => `${count(edge)} × ${count(edge)}`);
    const shown = pair[0]!.edge === this.experiment.size ? '' : `, here of pictures ${before} pixels large`;
    return html`<figure class="before-after" data-testid="before-after">
      <figcaption>
        What the tasks do, made anew after the run${shown}: each picture before, ${before} pixels, and after, ${after}.
      </figcaption>
      <ul>
        ${this.pairs.map(
          (_, task) => html`<li>
            <canvas role="img" aria-label="Task ${task}: the picture before"></canvas>
            <canvas role="img" aria-label="Task ${task}: the picture after, scaled down"></canvas>
          </li>`,
        )}
      </ul>
    </figure>`;
  }
}
