import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { environment } from '../environment.ts';
import { count, dayAndTime } from '../format.ts';
import { analysis, type Core, ready, type Report } from '../host/index.ts';
import { wait } from '../measured.ts';
import { explain } from '../measurement.ts';
import { pageOf, runsOf } from '../pages.ts';
import { part } from '../parts.ts';
import { Settings } from '../settings.ts';
import { apart, resultText } from '../share.ts';
import { whole } from '../whole.ts';
import { hostAbout, hostOf } from '../words.ts';
import { PageElement } from './page-element.ts';
import './lab-outcome.ts';
import './lab-verdict.ts';

/** A result that was recorded: of the history of this browser, or in a link from elsewhere. Nothing is measured here. */
@customElement('gs-recorded-page')
export class RecordedPage extends PageElement {
  @state() private core?: Core;
  @state() private report?: Report | undefined;
  @state() private error = '';
  /** Whether this browser itself has recorded it. */
  @state() private isOwn = false;

  constructor() {
    super();
    this.hear('hashchange', this.#follow);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#follow();
  }

  readonly #follow = () => {
    if (pageOf(location.hash) !== 'recorded') return;
    Object.assign(this, { report: undefined, error: '' });
    const fragment = location.hash;
    this.#load(fragment).catch((error) => fragment === location.hash && (this.error = explain(error)));
  };

  async #load(fragment: string): Promise<void> {
    this.core = await ready();
    const [id] = runsOf(fragment);
    this.isOwn = id !== undefined;
    const text = id === undefined ? await resultText(apart(fragment).result ?? '') : await (await part(import('../history.ts'))).reportText(id);
    const { readReport } = await analysis();
    const report = readReport(text);
    // Meanwhile the reader may have gone on.
    if (fragment !== location.hash) return;
    this.report = report;
    const { measured_unix_s } = report;
    wait({ name: `the recorded result${measured_unix_s === undefined ? '' : ` of ${dayAndTime(measured_unix_s)}`}`, text });
  }

  /** What brings the experiment back, to run it here. */
  #link(): string {
    if (!this.report || !this.core) return apart(location.hash).experiment;
    return new Settings(this.core, environment(this.core), '').fragment(whole(this.report.experiment));
  }

  protected override updated(): void {
    if (!this.isConnected) return;
    document.body.dataset.state = this.error ? 'error' : this.report ? 'done' : 'loading';
    document.title = 'A recorded result – gilscope';
  }

  protected override render() {
    const { report, core, error } = this;
    const lab = core?.labs().find(({ id }) => id === report?.experiment.lab);
    return html`
      <p class="eyebrow">A recorded result${this.isOwn ? html`, of <a href="#history">your runs</a>` : nothing}</p>
      <h1>${lab?.question ?? 'What somebody measured'}</h1>
      ${error ? html`<p class="notice bad" role="alert" data-testid="error">${error}</p>` : nothing}
      ${report ? this.#label(report) : nothing}
      ${report || error
        ? html`<p class="run-bar"><a class="button primary" href=${this.#link()} data-testid="run-here">Run it here</a>
            <span class="note">${report ? 'Then you can compare the two.' : 'The link’s experiment itself can be run.'}</span></p>`
        : nothing}
      ${report && core ? this.#results(report) : nothing}
    `;
  }

  /** Whose, when and where, before any figure. */
  #label(report: Report) {
    const { host, version, measured_unix_s } = report;
    const cores = host.logical_cores === 1 ? '1 logical core' : `${count(host.logical_cores)} logical cores`;
    const when = measured_unix_s === undefined ? '' : ` on ${dayAndTime(measured_unix_s)}`;
    return html`<p class="notice" data-testid="recorded-label">
      Recorded${when} ${this.isOwn ? 'by this browser' : 'elsewhere'}, ${hostAbout(hostOf(report))}: ${host.engine} on ${host.os},
      ${cores}, gilscope ${version}.
      ${this.isOwn ? 'It was not measured just now.' : 'Whoever made the link says so; nothing of it was measured on your machine.'}
    </p>`;
  }

  #results(report: Report) {
    const reports = new Map([[hostOf(report), report]]);
    const whose = this.isOwn ? 'as recorded' : 'of the other machine';
    return html`<section aria-labelledby="recorded-verdict">
        <h2 class="note" id="recorded-verdict">The verdict ${whose}, which is its “here”:</h2>
        <gs-lab-verdict .reports=${reports}></gs-lab-verdict>
      </section>
      <gs-lab-charts .reports=${reports} heading="The charts ${whose}"></gs-lab-charts>
      <gs-lab-results
        .reports=${reports}
        heading="The figures ${whose}"
        compareLabel="Compare it with other reports"
        link=${`${location.origin}${location.pathname}${this.#link()}`}
      ></gs-lab-results>`;
  }
}
