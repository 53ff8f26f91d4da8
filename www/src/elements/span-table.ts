import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { count, moment, seconds } from '../format.ts';
import type { Track } from '../live.ts';
import { lanesOf, tell, type Told } from '../timeline/inspector.ts';
import type { Round } from '../timeline/round.ts';
import type { Scale } from '../timeline/scale.ts';
import { live, PageElement } from './page-element.ts';

/** Rows that a table has at most: more are not read, and make the page slow. */
const MOST = 200;
/** A view that still moves is not listed. */
const SETTLED_MS = 200;

/** A timeline as a table: every span that is in view, in the order of time. */
@customElement('gs-span-table')
export class SpanTable extends PageElement {
  @live() scale!: Scale;
  @live() track!: Track;
  @property() hook = '';
  #isOpen = false;
  #unwatch?: () => void;
  #settles?: ReturnType<typeof setTimeout>;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = this.scale.watch(() => {
      clearTimeout(this.#settles);
      if (this.#isOpen) this.#settles = setTimeout(() => this.requestUpdate(), SETTLED_MS);
    });
  }

  override disconnectedCallback(): void {
    this.#unwatch?.();
    clearTimeout(this.#settles);
    super.disconnectedCallback();
  }

  #toggle(event: Event): void {
    this.#isOpen = (event.target as HTMLDetailsElement).open;
    this.requestUpdate();
  }

  protected override render() {
    const { round } = this.track;
    if (round?.end_us === undefined) return nothing;
    return html`<details class="numbers" @toggle=${this.#toggle}>
      <summary>This timeline as a table</summary>
      ${this.#isOpen ? this.#table(round) : nothing}
    </details>`;
  }

  #table(round: Round) {
    const { spans, all } = inView(round, this.scale);
    const more = all > spans.length ? ` These are the first ${count(spans.length)} of ${count(all)}: zoom in to have the others listed.` : '';
    return html`<p class="note">What is in view of this round, from ${moment(this.scale.view.from_us / 1e6)} to ${moment(this.scale.view.to_us / 1e6)}.${more}</p>
      <div class="table-box spans" tabindex="0" role="region" aria-label="The timeline as a table: ${this.hook}">
        <table data-testid="spans-${this.hook}">
          <thead>
            <tr>
              <th scope="col">from</th>
              <th scope="col">for</th>
              <th scope="col" class="words">who</th>
              <th scope="col" class="words">what</th>
              <th scope="col">task</th>
            </tr>
          </thead>
          <tbody>
            ${spans.map(
              ({ start_us, end_us, who, what, task }) =>
                html`<tr>
                  <th scope="row">${moment(start_us / 1e6)}</th>
                  <td>${seconds((end_us - start_us) / 1e6)}</td>
                  <td class="words">${who}</td>
                  <td class="words">${what}</td>
                  <td>${task ?? html`<span class="note">–</span>`}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`;
  }
}

/** The first spans in view, in the order of time, and how many there are. */
function inView(round: Round, { view }: Scale): { spans: Told[]; all: number } {
  const [from_us, to_us] = [round.start_us + view.from_us, Math.min(round.start_us + view.to_us, round.end_us!)];
  let all = 0;
  const spans = lanesOf(round).flatMap((spans, lane) => {
    const first = Math.max(0, spans.indexAt(from_us));
    const inLane = Math.max(0, spans.indexAt(to_us) + 1 - first);
    all += inLane;
    return Array.from({ length: Math.min(inLane, MOST) }, (_, i) => tell(round, { lane, index: first + i }));
  });
  return { spans: spans.sort((a, b) => a.start_us - b.start_us).slice(0, MOST), all };
}
