import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { type Agreement, type Analysis, analysis, type Comparison } from '../host/index.ts';
import { measured, waiting } from '../measured.ts';
import { explain } from '../measurement.ts';
import { runsOf } from '../pages.ts';
import { part } from '../parts.ts';
import { hostAbout } from '../words.ts';
import type { ReportFile } from './compare-files.ts';
import { PageElement } from './page-element.ts';
import './compare-files.ts';
import './compare-table.ts';
import './lab-chart.ts';
import '../styles/compare.css';

/** What was measured in this tab, and before it what was recorded and waits for that. */
function fromThisPage(): ReportFile[] {
  const own = [...measured].map(([host, report]) => ({ name: `this page, ${hostAbout(host)}`, text: JSON.stringify(report) }));
  return [waiting() ?? [], own].flat();
}

/** The runs of the history that the link names. */
async function fromHistory(ids: number[]): Promise<ReportFile[]> {
  const { entries, nameOf, reportText } = await part(import('../history.ts'));
  const all = await entries();
  const named = ids.flatMap((id) => all.find((entry) => entry.id === id) ?? []);
  return Promise.all(named.map(async (entry) => ({ name: nameOf(entry), text: await reportText(entry.id) })));
}

const SIGNS: Record<Agreement, string> = { agree: '✓', differ: '✗' };

/** Reports side by side: what this page measured, and what was saved anywhere. */
@customElement('gs-compare-page')
export class ComparePage extends PageElement {
  @state() private files: ReportFile[] = fromThisPage();
  @state() private comparison?: Comparison;
  @state() private error = '';
  @state() private analysis?: Analysis;

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = 'Reports side by side – gilscope';
    this.#load().catch((error) => (this.error = explain(error)));
  }

  async #load(): Promise<void> {
    const found = await analysis();
    const ids = runsOf(location.hash);
    if (ids.length > 0) this.files = await fromHistory(ids);
    this.analysis = found;
    this.#compare(this.files);
  }

  #compare(files: ReportFile[]): void {
    Object.assign(this, { files, comparison: undefined, error: '' });
    // Once the analysis is there, the files are compared.
    if (files.length < 2 || !this.analysis) return;
    try {
      this.comparison = this.analysis.compare(files);
    } catch (error) {
      this.error = explain(error);
    }
  }

  protected override updated(): void {
    if (!this.isConnected) return;
    const settled = this.comparison ? 'done' : this.analysis ? 'idle' : 'loading';
    document.body.dataset.state = this.error ? 'error' : settled;
  }

  protected override render() {
    const { files, comparison } = this;
    const absent = fromThisPage().filter(({ name }) => !files.some((file) => file.name === name));
    return html`
      <p class="eyebrow">Browser, native, CPython</p>
      <h1>Reports side by side</h1>
      <p class="lead">
        Compare what different hosts, machines or settings made of one experiment. Files are read here and go nowhere: reports
        that this page or <code>--export-json</code> saved, and pages of <code>--export-html</code>.
      </p>
      <gs-compare-files .files=${files} @files=${(event: CustomEvent<ReportFile[]>) => this.#compare(event.detail)}></gs-compare-files>
      ${absent.map(
        (file) => html`<button type="button" data-testid="compare-own" @click=${() => this.#compare([...files, file])}>Add ${file.name}</button>`,
      )}
      ${files.length < 2 && !this.error
        ? html`<p class="note" data-testid="compare-hint">${files.length === 0 ? 'Two reports are needed.' : 'One more report is needed.'}</p>`
        : nothing}
      ${this.error ? html`<p class="notice bad" role="alert" data-testid="error">${this.error}</p>` : nothing}
      ${comparison ? this.#results(comparison) : nothing}
    `;
  }

  #results({ reports, sentences, notes, tables, charts }: Comparison) {
    return html`<section class="results" aria-labelledby="agree-title">
        <h2 id="agree-title">What the lock does</h2>
        ${sentences.length === 0
          ? html`<p class="note">Nothing to judge: that takes threads under the same lock, asked the same, in two reports.</p>`
          : html`<ul class="agreements">
              ${sentences.map(
                ({ agreement, sure, text }) => html`<li
                  class=${sure ? agreement : 'open'}
                  data-testid="compare-sentence"
                  data-agreement=${agreement}
                >
                  <span class="sign" aria-hidden="true">${sure ? SIGNS[agreement] : '?'}</span> ${sure ? nothing : 'Open: '}${text}
                </li>`,
              )}
            </ul>`}
        ${notes.length > 0
          ? html`<h3>To keep in mind</h3>
              <ul class="warnings" data-testid="compare-notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`
          : nothing}
      </section>
      <section class="charts" aria-labelledby="compare-charts">
        <h2 id="compare-charts">On the same axes</h2>
        <div class="chart-row">
          ${charts.map((chart, i) => html`<gs-lab-chart .chart=${chart} name="gilscope-compare-${i + 1}"></gs-lab-chart>`)}
        </div>
      </section>
      <section class="results" aria-labelledby="compare-figures">
        <h2 id="compare-figures">The figures</h2>
        <p class="note">Times differ between hosts and are not judged. Under a figure is its 95 % interval.</p>
        ${tables.map((table) => html`<gs-compare-table .table=${table} .reports=${reports}></gs-compare-table>`)}
      </section>`;
  }
}
