import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Case, Choice, Costs, Decision, Reason } from '../decide.ts';
import { bytes, count, percent, ratio, seconds } from '../format.ts';
import type { Listing } from '../lab-texts.ts';
import { MODEL_ABOUT, PLACE_ABOUT, type Place, workersOf } from '../words.ts';
import { PageElement } from './page-element.ts';
import './cost-map.ts';
import './python-listings.ts';

/** The lab whose listing shows a model at its best. */
const EXAMPLES: Record<Choice, string> = { serial: 'race', threads: 'io', processes: 'race', 'event-loop': 'io' };

const ADVICE: Record<Choice, string> = {
  serial: 'A plain loop',
  threads: 'Threads',
  processes: 'Processes',
  'event-loop': 'An event loop',
};

/** What is lost in the noise is no figure. */
function handing(cost_s: number): string {
  return cost_s < 1e-7 ? 'too little to measure' : seconds(cost_s);
}

function sentence(reason: Reason): string {
  switch (reason.kind) {
    case 'computes-under-the-lock':
      return `Your tasks compute for ${percent(reason.share)} of their time. Under the lock threads take turns at that.`;
    case 'waits':
      return `They wait for ${percent(reason.share)} of it; waits overlap in threads and in an event loop, on any number of cores.`;
    case 'start-outweighs':
      return `Starting the processes takes ${seconds(reason.start_s)} here; all of your work takes ${seconds(reason.work_s)} one after another.`;
    case 'messages': {
      const data = reason.bytes_s > 0 ? `, and their data ${seconds(reason.bytes_s)}` : '';
      return `Processes would need ${count(reason.messages)} ${reason.messages === 1 ? 'message' : 'messages'} of ${seconds(reason.message_s)} each${data}.`;
    }
    case 'ceiling':
      return `${workersOf(reason.workers)} side by side gave ${ratio(reason.ceiling)} on this machine: processes cannot gain more.`;
    case 'memory':
      return `At ${bytes(reason.eachBytes)} for each worker, only ${workersOf(reason.fit)} fit into your memory.`;
    case 'close':
      return `${ADVICE[reason.second]} would take ${ratio(reason.ratio)} of that: too close to call.`;
  }
}

/** The advice, what it rests on, and the code. */
@customElement('gs-decide-advice')
export class DecideAdvice extends PageElement {
  @property({ attribute: false }) decision!: Decision;
  @property({ attribute: false }) costs!: Costs;
  @property({ attribute: false }) case!: Case;
  @property() place: Place = 'browser';
  @state() private listing?: Listing;
  #shown?: Choice;

  protected override updated(): void {
    void this.#show(this.decision.advice.model);
  }

  async #show(model: Choice): Promise<void> {
    if (this.#shown === model) return;
    this.#shown = model;
    try {
      const { listingsOf } = await import('../lab-texts.ts');
      const listings = await listingsOf(EXAMPLES[model]);
      if (this.#shown === model) this.listing = listings.find(({ name }) => name === model);
    } catch {
      // The advice stands without its listing.
      this.listing = undefined;
    }
  }

  protected override render() {
    const { advice, estimates, reasons, map } = this.decision;
    const many = advice.model === 'threads' || advice.model === 'processes';
    const chunks = advice.model === 'processes' && advice.chunk > 1 ? `, ${count(advice.chunk)} tasks in a chunk` : '';
    return html`
      <p class="advice" data-testid="advice" data-model=${advice.model}>
        <b>${ADVICE[advice.model]}</b>${many ? `, ${workersOf(advice.workers)}${chunks}` : ''}: about ${seconds(advice.elapsed_s)}.
        <span class="note">${MODEL_ABOUT[advice.model]}</span>
      </p>
      <ul class="reasons">
        ${reasons.map((reason) => html`<li>${sentence(reason)}</li>`)}
      </ul>
      <div class="decision">
        <table data-testid="estimates">
          <caption>Computed for your case</caption>
          <thead><tr><th scope="col">way</th><th scope="col">workers</th><th scope="col">about</th></tr></thead>
          <tbody>
            ${estimates.map(
              ({ model, workers, elapsed_s }) =>
                html`<tr>
                  <th scope="row"><span class="mark ${model}" aria-hidden="true"></span>${model}</th>
                  <td>${workers}</td>
                  <td>${seconds(elapsed_s)}</td>
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
    const numbers: [string, string | undefined][] = [
      [`speed-up of ${workersOf(costs.workers)} side by side`, ratio(costs.ceiling)],
      ['starting a thread', seconds(costs.threadStart_s)],
      ['starting a process', seconds(costs.processStart_s)],
      ['handing a task to a thread', handing(costs.threadTask_s)],
      ['a message to a process and back', handing(costs.message_s)],
      ['sending 1 MiB', costs.byte_s === undefined ? undefined : seconds(costs.byte_s * 2 ** 20)],
      ['going on with another task in an event loop', costs.loopTask_s === undefined ? undefined : seconds(costs.loopTask_s)],
      ['memory of a process', costs.processBytes === undefined ? undefined : bytes(costs.processBytes)],
    ];
    return html`<table data-testid="costs">
      <caption>Measured on this machine, in this page, just now, ${PLACE_ABOUT[this.place]}</caption>
      <tbody>
        ${numbers.map(
          ([name, value]) =>
            html`<tr><th scope="row">${name}</th><td>${value ?? html`<span class="note">not measured here</span>`}</td></tr>`,
        )}
      </tbody>
    </table>`;
  }
}
