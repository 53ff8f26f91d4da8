import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { percent, seconds } from '../format.ts';
import type { Run, WorkerFigures } from '../host/index.ts';
import { tiles } from '../palette.ts';
import { LOOKS } from '../timeline/looks.ts';
import { measured_s, type Share, sharesOf } from '../timeline/shares.ts';
import { paintSwatch, sizeOf } from '../timeline/swatch.ts';
import { PageElement } from './page-element.ts';

const [WIDTH, HEIGHT] = [120, 14];
/** What adding up many times may lose. */
const ROUNDING_S = 1e-5;

/** What each worker's time was spent on, in all measured rounds together. */
@customElement('gs-worker-shares')
export class WorkerShares extends PageElement {
  @property({ attribute: false }) run!: Run;
  @property() hook = '';

  constructor() {
    super();
    this.hear('gs-theme', this.#draw);
  }

  readonly #draw = () => {
    const row = sizeOf(HEIGHT);
    const looks = tiles(this, this.run.model, row);
    this.querySelectorAll('canvas').forEach((canvas, i) => {
      const shares = sharesOf(this.run.per_worker[i]!, this.run.model);
      const parts = shares.map(({ look, seconds }) => ({ tile: looks[LOOKS.indexOf(look)]!, share: seconds }));
      paintSwatch(canvas, WIDTH, row, parts);
    });
  };

  protected override updated(): void {
    this.#draw();
  }

  protected override render() {
    const { per_worker, model, elapsed_s } = this.run;
    const all = per_worker.map((worker) => sharesOf(worker, model));
    const columns = (all[0] ?? []).filter((_, i) => all.some((shares) => shares[i]!.seconds > 0));
    return html`<div class="table-box" tabindex="0" role="region" aria-label="What the time of each worker went into: ${this.hook}">
        <table data-testid="shares-${this.hook}">
          <thead>
            <tr>
              <th scope="col">worker</th>
              <th scope="col" class="picture"><span class="unseen">in a picture</span></th>
              ${columns.map(({ name }) => html`<th scope="col">${name}</th>`)}
              <th scope="col">tasks</th>
            </tr>
          </thead>
          <tbody>
            ${per_worker.map((worker, i) => this.#row(worker, all[i]!, columns))}
          </tbody>
        </table>
      </div>
      <p class="note" data-testid="sum-${this.hook}">${this.#sum(all, measured_s(elapsed_s))}</p>`;
  }

  #row({ id, tasks }: WorkerFigures, shares: Share[], columns: Share[]) {
    const whole = measured_s(this.run.elapsed_s);
    const shown = shares.filter(({ look }) => columns.some((column) => column.look === look));
    return html`<tr>
      <th scope="row">${id}</th>
      <td class="picture"><canvas width=${WIDTH} height=${HEIGHT} aria-hidden="true"></canvas></td>
      ${shown.map(
        (share) =>
          html`<td><span class="figure">${percent(share.seconds / whole)}</span><span class="note">${share.seconds > 0 ? seconds(share.seconds) : '0 s'}</span></td>`,
      )}
      <td>${tasks}</td>
    </tr>`;
  }

  /** Whether the parts are the whole. */
  #sum(all: Share[][], whole_s: number): string {
    const rounds = this.run.elapsed_s.samples.length;
    const of = `Of ${seconds(whole_s)}, the wall time of ${rounds === 1 ? 'the measured round' : `all ${rounds} measured rounds`}`;
    const missing_s = all.map((shares) => whole_s - shares.reduce((sum, { seconds }) => sum + seconds, 0));
    const worst = missing_s.findIndex((s) => Math.abs(s) === Math.max(...missing_s.map(Math.abs)));
    if (Math.abs(missing_s[worst] ?? 0) <= ROUNDING_S) return `${of}; the parts add up to it.`;
    return `${of}; ${seconds(missing_s[worst]!)} of worker ${worst} are not known, because it was not there yet or its oldest spans are lost.`;
  }
}
