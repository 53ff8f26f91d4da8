import { html } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { workerColour } from '../palette.ts';
import { Picture } from '../picture.ts';
import type { TaskEvent } from '../measurement.ts';
import { PageElement } from './page-element.ts';

/** The picture of a workload that paints one, filling in as the tasks' answers arrive. */
@customElement('gs-tile-picture')
export class TilePicture extends PageElement {
  /** Which round is being painted. */
  @property() caption = '';

  @query('canvas') private canvas!: HTMLCanvasElement;
  @state() private workers = 0;
  #picture?: Picture;
  #waiting: TaskEvent[] = [];

  /** A round starts: begin an empty picture, `size` pixels wide and high. */
  clear(workers: number, size: number): void {
    this.#waiting = [];
    this.workers = workers;
    this.#picture ??= new Picture(this.canvas);
    this.#picture.clear(size);
  }

  add(task: TaskEvent): void {
    this.#waiting.push(task);
  }

  /** Paint what has arrived. */
  frame(): void {
    for (const { worker, tile, counts } of this.#waiting) {
      if (tile && counts) this.#picture?.paint(worker, tile, counts);
    }
    this.#waiting = [];
  }

  protected override render() {
    const workers = Array.from({ length: Math.min(this.workers, 8) }, (_, worker) => worker);
    return html`<figure class="picture">
      <canvas role="img" aria-label="The picture that the tasks paint, each tile in the colour of its worker" width="512" height="512"></canvas>
      <figcaption>
        <span>${this.caption || 'The picture appears here, each tile in the colour of its worker.'}</span>
        <ul>
          ${workers.map((worker) => html`<li><svg width="10" height="10" aria-hidden="true"><rect width="10" height="10" rx="2" fill=${workerColour(worker)}></rect></svg>worker ${worker}</li>`)}
        </ul>
      </figcaption>
    </figure>`;
  }
}
