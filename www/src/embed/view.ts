import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { LabPage } from '../elements/lab-page.ts';
import { PageElement } from '../elements/page-element.ts';
import type { Report } from '../host/index.ts';
import { letAskForTurns } from '../host/turns.ts';
import { Bridge } from './bridge.ts';
import { isSandboxed, ladderInWords, rungOf, type Surroundings } from './ladder.ts';
import type { Phase, Theme } from './messages.ts';
import '../elements/lab-page.ts';

/** A lab within the frame of an embed: the lab's own page, made compact, and how it stands with the page around. */
@customElement('gs-embed-view')
export class EmbedView extends PageElement {
  @state() private hostIsolated?: boolean;
  @query('gs-lab-page') private page?: LabPage;
  #bridge?: Bridge;
  #told?: Report;

  protected override firstUpdated(): void {
    this.#bridge = new Bridge({
      hello: (isolated) => {
        this.hostIsolated = isolated;
        letAskForTurns((waiting) => this.#bridge!.turn(waiting));
        this.#tell();
      },
      follow: (fragment) => {
        history.replaceState(null, '', fragment);
        this.page!.follow();
      },
      theme: showTheme,
      run: () => run(this.page!),
      cancel: () => this.page!.measurement.cancel(),
    });
  }

  /** Rendered anew with every change, because the link follows. */
  readonly #changed = () => {
    this.requestUpdate();
    this.#tell();
  };

  #tell(): void {
    const { phase, status, hindrance, error, progress, reports } = this.page!.measurement;
    const heard: Phase = phase === 'running' && hindrance ? 'waiting' : phase;
    const rung = this.page!.settings && rungOf(this.#surroundings());
    this.#bridge?.state({ phase: heard, status: error || hindrance || status, progress, rung });
    const report = phase === 'done' ? [...reports.values()][0] : undefined;
    if (report && report !== this.#told) this.#bridge?.report(report);
    this.#told = report;
  }

  #surroundings(): Surroundings {
    return {
      sandboxed: isSandboxed(),
      unsharedReason: this.page?.settings?.environment.unsharedReason,
      isolated: crossOriginIsolated,
      hostIsolated: this.hostIsolated,
    };
  }

  protected override render() {
    return html`<gs-lab-page embedded @gs-change=${this.#changed}></gs-lab-page>
      <footer class="around">
        ${this.page?.settings ? this.#ladder() : nothing}
        <p><a href="./${location.hash}" target="_blank" rel="noopener" data-testid="full-page">Open the full page</a></p>
      </footer>`;
  }

  #ladder() {
    const surroundings = this.#surroundings();
    const { text, remedy } = ladderInWords(surroundings);
    const rung = rungOf(surroundings);
    // A sandbox may forbid links, too.
    const address = rung === '4' ? html` Its address: <code>${new URL(`./${location.hash}`, location.href).href}</code>` : nothing;
    return html`<p class="note" data-testid="ladder" data-rung=${rung}>${text} ${remedy}${address}</p>`;
  }
}

/** Run what the page shows, for the page around. */
async function run(page: LabPage): Promise<Report> {
  await page.loaded;
  const { measurement, settings } = page;
  if (measurement.phase === 'running') throw new Error('a run goes on in this lab: wait for its report, or cancel it');
  const reason = settings?.linkError || page.reason;
  if (reason) throw new Error(reason);
  await page.run();
  const [report] = measurement.reports.values();
  if (measurement.phase === 'done' && report) return report;
  const cancelled = measurement.phase === 'cancelled';
  const error = new Error(cancelled ? 'the run was cancelled' : measurement.error);
  throw Object.assign(error, { name: cancelled ? 'AbortError' : 'Error', report });
}

/** `auto` follows the system. */
export function showTheme(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === 'auto') delete dataset.theme;
  else dataset.theme = theme;
  // Canvases paint with resolved colours.
  dispatchEvent(new Event('gs-theme'));
}
