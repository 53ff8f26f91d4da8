import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { State } from '../host/index.ts';
import { fills } from '../palette.ts';
import { MODELS, STATES } from '../words.ts';
import { PageElement } from './page-element.ts';

const [WIDTH, HEIGHT] = [28, 12];

/** What the colours and patterns of the timelines mean, drawn by the same hand. */
@customElement('gs-state-legend')
export class StateLegend extends PageElement {
  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('gs-theme', this.#draw);
  }

  override disconnectedCallback(): void {
    removeEventListener('gs-theme', this.#draw);
    super.disconnectedCallback();
  }

  #draw = () => {
    for (const canvas of this.querySelectorAll('canvas')) {
      const dpr = Math.min(devicePixelRatio, 2);
      const [width, height] = [WIDTH * dpr, HEIGHT * dpr];
      [canvas.width, canvas.height] = [width, height];
      const ctx = canvas.getContext('2d')!;
      const state = canvas.dataset.state as State;
      // Running has the colour of its model, so its swatch shows all of them.
      const models = state === 'running' ? MODELS : MODELS.slice(0, 1);
      models.forEach((model, i) => {
        ctx.fillStyle = fills(this, model, { height, gap: 0, step: 6 * dpr }).get(state)!;
        ctx.fillRect((i * width) / models.length, 0, width / models.length, height);
      });
    }
  };

  protected override firstUpdated(): void {
    this.#draw();
  }

  protected override render() {
    return html`<ul class="legend" aria-label="What the timelines show: one row a worker, time to the right">
      ${STATES.map(
        ({ state, name, about }) =>
          html`<li title=${`${name}: the worker ${about}`}>
            <canvas data-state=${state} width=${WIDTH} height=${HEIGHT} aria-hidden="true"></canvas>${name}
            <span class="unseen">: the worker ${about}</span>
          </li>`,
      )}
    </ul>`;
  }
}
