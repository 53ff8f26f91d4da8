import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { bytes, count, dayAndTime } from '../format.ts';
import { entries, type Entry, MOST_BYTES, MOST_RUNS, nameOf, onChange, remove, reportText } from '../history.ts';
import { explain } from '../measurement.ts';
import { compareLink, recordedLink } from '../pages.ts';
import { save } from '../save.ts';
import { PageElement } from './page-element.ts';

/** The runs that this browser has kept: to look at again, to compare, to export, to delete. */
@customElement('gs-history-page')
export class HistoryPage extends PageElement {
  @state() private entries?: Entry[];
  @state() private error = '';
  /** Those to compare, in the order in which they were chosen. */
  @state() private chosen: number[] = [];
  /** Whether the page has asked if all are to go. */
  @state() private asks = false;
  @query('h1') private heading!: HTMLElement;
  #hearNoMore?: () => void;

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = 'Your runs – gilscope';
    this.#hearNoMore = onChange(() => void this.#show());
    void this.#show();
  }

  override disconnectedCallback(): void {
    this.#hearNoMore?.();
    super.disconnectedCallback();
  }

  #show(): Promise<void> {
    return this.#do(async () => {
      this.entries = await entries();
    });
  }

  /** Do something with the history, or say why it cannot be done. */
  async #do(what: () => Promise<void>): Promise<void> {
    try {
      await what();
      this.error = '';
    } catch (error) {
      this.error = `The history of this browser cannot be used: ${explain(error)}.`;
    }
  }

  #remove(ids: number[]): void {
    this.asks = false;
    this.chosen = this.chosen.filter((id) => !ids.includes(id));
    // The button that was pressed goes, and the focus must be somewhere.
    void this.#do(() => remove(ids)).then(() => this.heading.focus());
  }

  #choose(id: number, on: boolean): void {
    this.chosen = on ? [...this.chosen, id] : this.chosen.filter((other) => other !== id);
  }

  #exportOne({ id, lab }: Entry): void {
    void this.#do(async () => save(`gilscope-${lab}-run-${id}.json`, await reportText(id)));
  }

  /** Each report as it is, in one list. */
  #exportAll(all: Entry[]): void {
    void this.#do(async () => {
      const texts = await Promise.all(all.map(({ id }) => reportText(id)));
      save('gilscope-runs.json', `[\n${texts.join(',\n')}\n]\n`);
    });
  }

  protected override updated(): void {
    if (this.isConnected) document.body.dataset.state = this.error ? 'error' : this.entries ? 'idle' : 'loading';
  }

  protected override render() {
    const all = this.entries ?? [];
    return html`
      <p class="eyebrow">Kept in this browser, on this machine, and nowhere else</p>
      <h1 tabindex="-1">Your runs</h1>
      <p class="lead">
        Every run that ended is kept here, without its trace: up to ${MOST_RUNS} runs and ${MOST_BYTES / 2 ** 20} MiB, then the oldest go.
      </p>
      ${this.error ? html`<p class="notice bad" role="alert" data-testid="error">${this.error}</p>` : nothing}
      ${this.entries && all.length === 0
        ? html`<p class="note" data-testid="history-empty">There is none yet. <a href="#">Run the race</a>, and it will be here.</p>`
        : nothing}
      ${all.length > 0 ? html`${this.#bar(all)}<ul class="runs">${all.map((entry) => this.#entry(entry))}</ul>` : nothing}
    `;
  }

  #bar(all: Entry[]) {
    const { chosen, asks } = this;
    const runs = all.length === 1 ? '1 run' : `${count(all.length)} runs`;
    const size = bytes(all.reduce((sum, entry) => sum + entry.bytes, 0));
    return html`<div class="take">
      ${chosen.length >= 2
        ? html`<a class="button" href=${compareLink(chosen)} data-testid="history-compare">Compare the ${count(chosen.length)} chosen</a>`
        : html`<span class="note">Choose two to compare them.</span>`}
      <button type="button" data-testid="history-export" @click=${() => this.#exportAll(all)}>Export all</button>
      <button type="button" data-testid="history-delete-all" aria-expanded=${asks} @click=${() => (this.asks = !asks)}>Delete all …</button>
      ${asks
        ? html`<span role="alert">Delete ${runs} for good?</span>
            <button type="button" data-testid="history-delete-sure" @click=${() => this.#remove(all.map(({ id }) => id))}>Delete them</button>`
        : nothing}
      <span class="note">${runs}, ${size}</span>
    </div>`;
  }

  #entry(entry: Entry) {
    const { id, lab, workload, host, engine, headline, measured_unix_s } = entry;
    const name = nameOf(entry);
    return html`<li data-testid="history-entry" data-run=${id}>
      <input
        type="checkbox"
        data-testid="history-choose"
        aria-label="Choose ${name} to compare"
        .checked=${this.chosen.includes(id)}
        @change=${(event: Event) => this.#choose(id, (event.target as HTMLInputElement).checked)}
      />
      <div>
        <p><a href=${recordedLink(id)} data-testid="history-open"><b>${lab}</b>, ${workload}</a></p>
        <p class="figures">${headline}</p>
        <p class="note">${dayAndTime(measured_unix_s)}, ${host}, ${engine}</p>
      </div>
      <div class="acts">
        <button type="button" class="quiet" aria-label="Export ${name}" @click=${() => this.#exportOne(entry)}>Export</button>
        <button type="button" class="quiet" data-testid="history-delete" aria-label="Delete ${name}" @click=${() => this.#remove([id])}>
          Delete
        </button>
      </div>
    </li>`;
  }
}
