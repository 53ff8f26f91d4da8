import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { csv } from '../csv.ts';
import { bytes } from '../format.ts';
import { analysis, type Report } from '../host/index.ts';
import { waiting } from '../measured.ts';
import { save } from '../save.ts';
import { hostAbout, hostTitle, type HostId, workersOf } from '../words.ts';
import { live, PageElement } from './page-element.ts';
import './results-table.ts';
import './share-links.ts';

/** Most runs that a warning names. */
const MOST_NAMED = 4;

function several(runs: string[]): string {
  const more = runs.length - MOST_NAMED;
  return more > 1 ? `${runs.slice(0, MOST_NAMED).join(', ')} and ${more} more` : runs.join(', ');
}

/** What is known of the machine beside its cores, in few words. */
function machineFacts({ cpu, physical_cores, memory_bytes, power }: NonNullable<Report['host']['machine']> = {}) {
  const physical = physical_cores === undefined ? undefined : `${physical_cores} physical`;
  const memory = memory_bytes === undefined ? undefined : `${bytes(memory_bytes)} of memory`;
  return [physical, cpu, memory, power].filter((fact) => fact !== undefined);
}

/** What came of a run: the figures, the warnings, and the files to take away. */
@customElement('gs-lab-results')
export class LabResults extends PageElement {
  @live() reports!: ReadonlyMap<HostId, Report>;
  /** Whose figures they are. */
  @property() heading = 'The figures of your machine';
  /** What the link to the comparison says, if not what it leads to. */
  @property() compareLabel = '';
  /** The link that brings this experiment back. */
  @property() link = '';

  protected override render() {
    if (this.reports.size === 0) return nothing;
    // The charts and the numbers behind them tell of the points of a sweep.
    const swept = [...this.reports.values()].some(({ experiment }) => (experiment.sweep ?? []).length > 0);
    return html`<section class="results" aria-labelledby="results-title">
      <h2 id="results-title">${swept ? 'To take away' : this.heading}</h2>
      ${swept ? nothing : html`<gs-results-table .reports=${this.reports}></gs-results-table>`}
      <div>${[...this.reports].map(([host, report]) => this.#machine(host, report))}</div>
      ${this.#warnings()}
      <div class="take">
        ${[...this.reports].map(([host, report]) => this.#files(host, report))}
        <gs-share-links .reports=${this.reports} link=${this.link}></gs-share-links>
        <a href="#compare" data-testid="compare-link">${this.#compare()}</a>
        <a href="#history">Your runs</a>
      </div>
    </section>`;
  }

  #compare(): string {
    return this.compareLabel || `Compare with ${waiting()?.name ?? 'other reports'}`;
  }

  /** The machine, and the answers. */
  #machine(host: HostId, { host: facts, runs }: Report) {
    const answers = new Set(runs.map(({ answer }) => answer));
    const cores = facts.logical_cores === 1 ? '1 logical core' : `${facts.logical_cores} logical cores`;
    return html`<p class="note">
      ${hostTitle(host)}: ${[`${facts.engine} on ${facts.os}`, cores, ...machineFacts(facts.machine)].join(', ')}.${answers.size === 1
        ? html` Every model gave the same answer: <code>${[...answers][0]}</code>.`
        : nothing}
    </p>`;
  }

  /** What a reader should know of the figures, in plain words; what holds for several runs is said once. */
  #warnings() {
    const runsOf = new Map<string, string[]>();
    for (const [host, { warnings, runs }] of this.reports) {
      const where = this.reports.size > 1 ? `, ${hostAbout(host)}` : '';
      for (const { text } of warnings) runsOf.set(text, [...(runsOf.get(text) ?? []), where.replace(/^, /, '')]);
      for (const { model, workers, warnings, point } of runs) {
        const run = `${model} (${point === undefined ? '' : `point ${point + 1}, `}${workersOf(workers)}${where})`;
        for (const { text } of warnings) runsOf.set(text, [...(runsOf.get(text) ?? []), run]);
      }
    }
    if (runsOf.size === 0) return nothing;
    return html`<div>
      <h3>To keep in mind</h3>
      <ul class="warnings" data-testid="warnings">
        ${[...runsOf].map(([text, runs]) => {
          const named = several(runs.filter((run) => run !== ''));
          return html`<li>${named ? html`<b>${named}:</b> ` : nothing}${text}</li>`;
        })}
      </ul>
    </div>`;
  }

  #files(host: HostId, report: Report) {
    const both = this.reports.size > 1;
    const hook = both && host !== 'browser' ? `-${host}` : '';
    const name = `gilscope-${report.experiment.lab}-${report.experiment.workload}-${host}`;
    return html`<button
        type="button"
        data-testid="download-report${hook}"
        @click=${() => save(`${name}.json`, JSON.stringify(report, null, 1))}
      >
        Download report${both ? ` (${host})` : ''}
      </button>
      <button
        type="button"
        data-testid="download-csv${hook}"
        @click=${() => save(`${name}.csv`, csv(report), 'text/csv')}
      >
        Download CSV${both ? ` (${host})` : ''}
      </button>
      ${report.trace
        ? html`<button
            type="button"
            data-testid="download-trace${hook}"
            title="Open it at ui.perfetto.dev"
            @click=${() => void analysis().then(({ perfetto }) => save(`${name}.trace.json`, perfetto(report)))}
          >
            Download trace for Perfetto${both ? ` (${host})` : ''}
          </button>`
        : nothing}`;
  }
}
