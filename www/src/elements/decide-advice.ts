import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { count, measured, seconds } from '../format.ts';
import type { Case, Costs, Decision, Estimate, Model, Unit } from '../host/index.ts';
import type { Listing } from '../lab-texts.ts';
import { part } from '../parts.ts';
import { MODEL_ABOUT, hostAbout, type HostId, workersOf } from '../words.ts';
import { PageElement } from './page-element.ts';
import './cost-map.ts';
import './python-listings.ts';

/** The lab whose listing shows a model at its best. */
const EXAMPLES: Record<Model, string> = {
  serial: 'race',
  threads: 'io',
  processes: 'race',
  'free-threads': 'race',
  'event-loop': 'io',
};

const ADVICE: Record<Model, string> = {
  serial: 'A plain loop',
  threads: 'Threads',
  processes: 'Processes',
  'free-threads': 'Free threads',
  'event-loop': 'An event loop',
};

/** The same cost for so many. */
function scaled(cost: Estimate | undefined, by: number): Estimate | undefined {
  return cost && { value: cost.value * by, ci95: cost.ci95 && [cost.ci95[0] * by, cost.ci95[1] * by] };
}

/** The advice, what it rests on, and the code. */
@customElement('gs-decide-advice')
export class DecideAdvice extends PageElement {
  @property({ attribute: false }) decision!: Decision;
  @property({ attribute: false }) costs!: Costs;
  @property({ attribute: false }) case!: Case;
  @property() host: HostId = 'browser';
  @state() private listing?: Listing;
  #shown?: Model;

  protected override updated(): void {
    void this.#show(this.decision.advice.model);
  }

  async #show(model: Model): Promise<void> {
    if (this.#shown === model) return;
    this.#shown = model;
    try {
      const { listingsOf } = await part(import('../lab-texts.ts'));
      const listings = await part(listingsOf(EXAMPLES[model]));
      if (this.#shown === model) this.listing = listings.find(({ name }) => name === model);
    } catch {
      // The advice stands without its listing.
      this.listing = undefined;
    }
  }

  protected override render() {
    const { advice, forecasts, reasons, map } = this.decision;
    const many = advice.model === 'threads' || advice.model === 'processes';
    const chunks = advice.model === 'processes' && advice.chunk > 1 ? `, ${count(advice.chunk)} tasks in a chunk` : '';
    return html`
      <p class="advice" data-testid="advice" data-model=${advice.model}>
        <b>${ADVICE[advice.model]}</b>${many ? `, ${workersOf(advice.workers)}${chunks}` : ''}: about ${seconds(advice.elapsed_s)}.
        <span class="note">${MODEL_ABOUT[advice.model]}</span>
      </p>
      <ul class="reasons">
        ${reasons.map((reason) => html`<li>${reason}</li>`)}
      </ul>
      <div class="decision">
        <table data-testid="forecasts">
          <caption>Computed for your case, and with every cost at either end of its interval</caption>
          <thead><tr><th scope="col">way</th><th scope="col">workers</th><th scope="col">about</th><th scope="col">from, to</th></tr></thead>
          <tbody>
            ${forecasts.map(
              ({ model, workers, elapsed_s, range_s }) =>
                html`<tr>
                  <th scope="row"><span class="mark ${model}" aria-hidden="true"></span>${model}</th>
                  <td>${workers}</td>
                  <td>${seconds(elapsed_s)}</td>
                  <td>${range_s.map(seconds).join(' to ')}</td>
                </tr>`,
            )}
          </tbody>
        </table>
        ${this.#costs()}
      </div>
      <gs-cost-map .map=${map} .case=${this.case}></gs-cost-map>
      ${this.listing
        ? html`<section class="python">
            <h2>In Python</h2>
            <gs-python-listings .listings=${[this.listing]}></gs-python-listings>
          </section>`
        : nothing}
    `;
  }

  /** Every number that the advice rests on. */
  #costs() {
    const { costs } = this;
    const numbers: [string, Estimate | undefined, Unit][] = [
      [`speed-up of ${workersOf(costs.workers)} side by side`, costs.speedup, 'ratio'],
      ['starting a thread', costs.thread_start_s, 'seconds'],
      ['starting a process', costs.process_start_s, 'seconds'],
      ['handing a task to a thread', costs.thread_task_s, 'seconds'],
      ['a message to a process and back', costs.message_s, 'seconds'],
      ['sending 1 MiB', scaled(costs.byte_s, 2 ** 20), 'seconds'],
      ['going on with another task in an event loop', costs.loop_task_s, 'seconds'],
      ['memory of a process', costs.process_bytes, 'bytes'],
    ];
    return html`<table data-testid="costs">
      <caption>Measured just now on this machine, ${hostAbout(this.host)}: medians with their 95 % intervals</caption>
      <tbody>
        ${numbers.map(
          ([name, cost, unit]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${cost ? measured(cost, unit) : html`<span class="note">could not be measured here</span>`}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }
}
