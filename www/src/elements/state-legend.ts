import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Look } from '../timeline/looks.ts';
import { paintSwatch, sizeOf } from '../timeline/swatch.ts';
import { lockTiles, type RowSize, type Tile, tileOf } from '../palette.ts';
import { MODELS, STATES } from '../words.ts';
import { PageElement } from './page-element.ts';

const [WIDTH, HEIGHT] = [28, 12];

/** What the colours and patterns of the timelines mean, drawn from the same tiles. */
@customElement('gs-state-legend')
export class StateLegend extends PageElement {
  /** Whether some timeline has a lane for the lock. */
  @property({ type: Boolean }) locked = false;

  constructor() {
    super();
    this.hear('gs-theme', this.#draw);
  }

  #draw = () => {
    const row = sizeOf(HEIGHT);
    for (const canvas of this.querySelectorAll('canvas')) {
      const parts = this.#tiles(canvas.dataset.state as Look | 'lock', row).map((tile) => ({ tile, share: 1 }));
      paintSwatch(canvas, WIDTH, row, parts);
    }
  };

  /** Side by side in one swatch. */
  #tiles(what: Look | 'lock', row: RowSize): Tile[] {
    if (what === 'lock') return lockTiles(this, 3, row).slice(1);
    // Running has the colour of its model, so its swatch shows all of them; only threads run without the lock.
    const models = what === 'running' ? MODELS : (['threads'] as const);
    return models.map((model) => tileOf(this, model, what, row));
  }

  /** In a task of its own: colours wait for the styles of the whole page. */
  protected override updated(): void {
    setTimeout(this.#draw);
  }

  protected override render() {
    const states = STATES.filter(({ state }) => this.locked || state !== 'unlocked');
    return html`<ul class="legend" aria-label="What the timelines show: one row a worker, time to the right">
      ${states.map(({ state, name, about }) => this.#entry(state, name, `the worker ${about}`))}
      ${this.locked ? this.#entry('lock', 'who holds the lock', 'each worker in a colour of its own') : nothing}
      ${this.locked
        ? html`<li title="a forced switch: the holder was asked for the lock, and had to let go">
            <span class="key forced-mark" aria-hidden="true"></span>had to let go
            <span class="unseen">: a forced switch; the holder was asked for the lock</span>
          </li>`
        : nothing}
    </ul>`;
  }

  #entry(what: string, name: string, about: string) {
    return html`<li title="${name}: ${about}">
      <canvas data-state=${what} width=${WIDTH} height=${HEIGHT} aria-hidden="true"></canvas>${name}
      <span class="unseen">: ${about}</span>
    </li>`;
  }
}
