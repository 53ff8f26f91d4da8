import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Report, Run, Summary } from '../host/index.ts';
import { bytes, count, percent, ratio, ratioInterval, seconds, secondsInterval } from '../format.ts';
import { MODELS, type HostId } from '../words.ts';
import { live, PageElement } from './page-element.ts';
import './column-help.ts';

interface Column {
  id: string;
  name: string;
  help: string;
  cell: (run: Run) => TemplateResult | typeof nothing;
}

/** A figure with what is said about it underneath. */
function figure(value: string, note = ''): TemplateResult {
  return html`<span class="figure">${value}</span>${note ? html`<span class="note">${note}</span>` : nothing}`;
}

/** A count without a unit of measure, and what is counted. */
function counted(value: number, what: string, note = ''): TemplateResult {
  return figure(`${count(value)} ${value === 1 ? what.replace(/(es|s)$/, '') : what}`, note);
}

const time = (summary: Summary) => figure(seconds(summary.median), secondsInterval(summary) ?? 'no interval');

const COLUMNS: readonly Column[] = [
  {
    id: 'elapsed',
    name: 'elapsed',
    help: 'From the first task handed out to the last answer received, workers being ready: the median of all measured rounds, and under it the 95 % interval of that median.',
    cell: (run) => time(run.elapsed_s),
  },
  {
    id: 'speedup',
    name: 'speed-up',
    help: 'The time of serial over the time of this model, taken within each round, because clocks drift; the median of these ratios and its 95 % interval.',
    cell: ({ speedup, model }) =>
      speedup
        ? figure(ratio(speedup.median), model === 'serial' ? 'by definition' : (ratioInterval(speedup) ?? 'no interval'))
        : nothing,
  },
  {
    id: 'efficiency',
    name: 'efficiency',
    help: 'The median speed-up over the ceiling: what this machine gives as many bare workers that run the same kernel with no harness at all, measured in the same session. 100 % is all that was to be had. Its uncertainty is that of the speed-up.',
    cell: (run) => (run.efficiency === undefined ? nothing : figure(percent(run.efficiency), 'of the ceiling')),
  },
  {
    id: 'startup',
    name: 'start-up',
    help: 'From asking for a worker to its being ready: the median over all workers and its 95 % interval. It is not part of the elapsed time.',
    cell: (run) => time(run.startup_s),
  },
  {
    id: 'lock',
    name: 'lock',
    help: 'Forced switches in all measured rounds together: a waiter asked for the lock after one switch interval, and its holder let go and waited until another worker had it.',
    cell: ({ lock }) =>
      lock ? counted(lock.forced_switches, 'forced switches', `switch interval ${seconds(lock.switch_interval_s)}`) : nothing,
  },
  {
    id: 'channel',
    name: 'messages',
    help: 'What went between the page or the parent and its workers in all measured rounds together, both ways.',
    cell: ({ channel }) => (channel ? counted(channel.messages, 'messages', bytes(channel.bytes)) : nothing),
  },
];

/** The figures of one report, or of two side by side. */
@customElement('gs-results-table')
export class ResultsTable extends PageElement {
  @live() reports!: ReadonlyMap<HostId, Report>;

  protected override render() {
    const both = this.reports.size > 1;
    return html`<div class="table-box" tabindex="0" role="region" aria-label="Table of figures">
      <table data-testid="results-table">
        <thead>
          <tr>
            <th scope="col">model</th>
            ${both ? html`<th scope="col">host</th>` : nothing}
            <th scope="col">workers</th>
            ${COLUMNS.map(
              ({ id, name, help }) =>
                html`<th scope="col"><gs-column-help hook=${id} name=${name} help=${help}></gs-column-help></th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${this.#rows().map(([host, run]) => this.#row(run, both ? host : undefined))}
        </tbody>
      </table>
    </div>`;
  }

  /** The hosts of one model one below the other, so that they can be compared. */
  #rows(): [HostId, Run][] {
    const rows = [...this.reports].flatMap(([host, { runs }]) => runs.map((run): [HostId, Run] => [host, run]));
    const order = ([, { model, workers }]: [HostId, Run]) => MODELS.indexOf(model) * 1e4 + workers;
    return rows.sort((a, b) => order(a) - order(b));
  }

  #row(run: Run, host: HostId | undefined) {
    return html`<tr>
      <th scope="row"><span class="mark ${run.model}" aria-hidden="true"></span>${run.model}</th>
      ${host ? html`<td>${host}</td>` : nothing}
      <td>${run.workers}</td>
      ${COLUMNS.map(({ cell }) => {
        const content = cell(run);
        return html`<td>${content === nothing ? html`<span class="note">–</span>` : content}</td>`;
      })}
    </tr>`;
  }
}
