import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { measureCosts } from '../costs.ts';
import { type Analysis, analysis, type Case, type Costs, hosts, nativeToken } from '../host/index.ts';
import { explain, type Phase } from '../measurement.ts';
import { isPython, hostAbout, type HostId } from '../words.ts';
import { PageElement } from './page-element.ts';
import './case-form.ts';
import './decide-advice.ts';
import '../styles/decide.css';

const EXAMPLE: Case = {
  tasks: 1_000,
  task_s: 0.01,
  wait_share: 0,
  task_bytes: 2 ** 10,
  worker_bytes: 50 * 2 ** 20,
  budget_bytes: 8 * 2 ** 30,
};

/** The end of the path: the reader's own case, answered by what their machine costs. */
@customElement('gs-decide-page')
export class DecidePage extends PageElement {
  @state() private phase: Phase = 'loading';
  @state() private case: Case = EXAMPLE;
  @state() private costs?: Costs;
  @state() private step = '';
  @state() private done = 0;
  @state() private error = '';
  /** Where it can be measured. */
  @state() private hosts: HostId[] = nativeToken() ? ['browser', 'native'] : ['browser'];
  /** Native workers are closer to Python's. */
  @state() private host: HostId = nativeToken() ? 'native' : 'browser';
  #analysis?: Analysis;
  #abort?: AbortController;

  constructor() {
    super();
    this.hear('keydown', this.#escape);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = 'Which should I use? – gilscope';
    // Without its other hosts the companion still measures natively.
    hosts().then(
      (found) => (this.hosts = ['browser', ...found.map(({ id }) => id as HostId)]),
      () => undefined,
    );
    analysis().then(
      (analysis) => {
        this.#analysis = analysis;
        this.phase = 'idle';
      },
      (error) => this.#fail(error),
    );
  }

  override disconnectedCallback(): void {
    this.#abort?.abort();
    super.disconnectedCallback();
  }

  readonly #escape = (event: KeyboardEvent) => {
    if (event.key === 'Escape') this.#abort?.abort();
  };

  #fail(error: unknown): void {
    this.phase = 'error';
    this.error = explain(error);
  }

  async #measure(): Promise<void> {
    this.#abort = new AbortController();
    Object.assign(this, { phase: 'running', error: '', costs: undefined });
    try {
      const onStep = (step: string, done: number) => Object.assign(this, { step, done });
      this.costs = await measureCosts(this.#analysis!, this.host, { signal: this.#abort.signal, onStep });
      this.phase = 'done';
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') this.phase = 'cancelled';
      else this.#fail(error);
    } finally {
      this.#abort = undefined;
    }
  }

  protected override updated(): void {
    if (this.isConnected) document.body.dataset.state = this.phase;
  }

  protected override render() {
    const running = this.phase === 'running';
    return html`
      <p class="eyebrow">The end of the path</p>
      <h1>Which should I use?</h1>
      <p class="lead">
        Describe your case. This page measures what workers, messages and waits cost on your machine, and computes from that.
      </p>
      <gs-case-form .case=${this.case} @case=${(event: CustomEvent<Partial<Case>>) => (this.case = { ...this.case, ...event.detail })}></gs-case-form>
      <div class="run-bar">
        <button
          class="primary"
          type="button"
          data-testid="run-button"
          ?disabled=${this.phase === 'loading'}
          @click=${() => (running ? this.#abort?.abort() : void this.#measure())}
        >
          ${running ? 'Cancel' : this.costs ? 'Measure again' : 'Measure'}
        </button>
        ${this.hosts.length > 1 ? this.#hosts(running) : nothing}
        <div class="progress">
          <p>
            <span role="status" aria-live="polite" data-testid="status">${this.#status()}</span>
          </p>
          ${running ? html`<progress max="1" .value=${this.done} aria-label="all measurements"></progress>` : nothing}
        </div>
      </div>
      ${this.error ? html`<p class="notice bad" role="alert" data-testid="error">${this.error}</p>` : nothing}
      ${this.costs
        ? html`<gs-decide-advice
            .decision=${this.#analysis!.decide(this.case, this.costs)}
            .costs=${this.costs}
            .case=${this.case}
            host=${this.host}
          ></gs-decide-advice>`
        : nothing}
      <section class="prose">
        <h2>What this leaves out</h2>
        <p>
          ${this.#leftOut()} Code that releases the lock, such as NumPy, and a Python without the lock let threads compute side
          by side.
        </p>
      </section>
    `;
  }

  #status(): string {
    if (this.phase === 'running') return `measuring ${this.step}`;
    return { loading: 'loading', idle: 'nothing measured yet', done: 'measured', cancelled: 'cancelled', error: 'failed' }[this.phase];
  }

  #hosts(running: boolean) {
    const choose = ({ target }: Event) => {
      this.host = (target as HTMLSelectElement).value as HostId;
      this.costs = undefined;
    };
    return html`<label class="where">
      <span class="unseen">Where to measure</span>
      <select data-testid="host" ?disabled=${running} @change=${choose}>
        ${this.hosts.map((host) => html`<option value=${host} ?selected=${host === this.host}>${hostAbout(host)}</option>`)}
      </select>
    </label>`;
  }

  /** What the measured workers have not, and a reader's program may have. */
  #leftOut(): string {
    if (isPython(this.host)) {
      return 'The workers here are Python’s own, and they import next to nothing. What your program imports makes its processes slower to start, and larger.';
    }
    const workers =
      this.host === 'browser'
        ? 'In a browser a thread and a process both start as a web worker.'
        : 'They are threads and processes of your operating system, without an interpreter to start.';
    return `The workers here are gilscope’s, not Python’s. ${workers} A Python process that is spawned takes some tens of milliseconds more, and pickling costs more than our messages; so processes need somewhat longer tasks in Python than the map says.`;
  }
}
