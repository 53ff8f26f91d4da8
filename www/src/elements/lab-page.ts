import { html, nothing } from 'lit';
import { customElement, property, query, queryAll, state } from 'lit/decorators.js';
import { environment } from '../environment.ts';
import { frames, type Pace } from '../frames.ts';
import { type Core, hosts, ready, type Report, type RunInfo } from '../host/index.ts';
import { explain, Measurement } from '../measurement.ts';
import { embedCode } from '../embed/code.ts';
import { isSandboxed } from '../embed/ladder.ts';
import { pageOf } from '../pages.ts';
import { part } from '../parts.ts';
import { pause } from '../pause.ts';
import { labOf, Settings } from '../settings.ts';
import { whole } from '../whole.ts';
import type { HostId } from '../words.ts';
import type { FieldChange } from './experiment-field.ts';
import type { LaneTrack } from './lane-track.ts';
import type { Switched } from './run-bar.ts';
import { PageElement } from './page-element.ts';
import type { TilePicture } from './tile-picture.ts';
import './lab-heading.ts';
import './lab-notices.ts';
import './run-bar.ts';

/** While the cores are measured, elements render no more often than this. */
const RENDER_MS = 100;

/** What need not be there before Run can be pressed, each in a task of its own: the elements are in the page already. */
async function wakeUp(): Promise<void> {
  for (const load of [() => import('./lab-sight.ts'), () => import('./timeline.ts'), () => import('./lab-rest.ts')]) {
    await load();
    await pause();
  }
}

/** One lab: settings, lanes, results, explanation. It owns what runs and what the link says. */
@customElement('gs-lab-page')
export class LabPage extends PageElement {
  /** Within the frame of an embed: what is needed to run and to understand, the rest is on the full page. */
  @property({ type: Boolean }) embedded = false;
  @state() private core?: Core;
  @state() private offered: HostId[] = ['browser'];
  /** Where to run, in the order of `offered`. */
  @state() private hosts: HostId[] = ['browser'];
  /** Why the last run is not in the history, if it is not. */
  @state() private unkept = '';
  /** Controls start folded where they would push the lanes out of sight. */
  readonly #unfolded = matchMedia('(min-width: 941px)').matches;

  @query('gs-tile-picture') private picture?: TilePicture;
  @queryAll('gs-lane-track') private tracks!: NodeListOf<LaneTrack>;

  #settings?: Settings;
  #painting?: object;
  #caption = '';
  /** When what changed was rendered last, and whether something changed since. */
  #rendered = { at: -Infinity, stale: false };
  readonly #measurement = new Measurement(
    () => this.#changed(),
    (task) => this.picture?.add(task),
  );

  /** What need not be there before Run can be pressed. */
  #rest?: Promise<unknown>;

  /** Settled once it can run, or has said why not. */
  loaded!: Promise<void>;

  constructor() {
    super();
    this.hear('hashchange', this.follow);
    this.hear('keydown', this.#escape);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.loaded = this.#load();
  }

  override disconnectedCallback(): void {
    if (this.#measurement.phase === 'running') this.#measurement.cancel();
    super.disconnectedCallback();
  }

  async #load(): Promise<void> {
    try {
      const core = await ready();
      await pause();
      this.#settings = new Settings(core, environment(core), location.hash);
      await pause();
      this.core = core;
      this.#measurement.phase = 'idle';
      this.#replan();
      // From here on Run can be pressed: `cargo xtask bench` reads when that was.
      performance.mark('gilscope-ready');
      void this.#wakeUp().catch((error) => console.warn(error));
      void this.#offer();
    } catch (error) {
      Object.assign(this.#measurement, { phase: 'error', error: `gilscope could not start here: ${explain(error)}` });
      this.requestUpdate();
    }
  }

  #wakeUp(): Promise<unknown> {
    this.#rest = wakeUp();
    // Who asks again gets another try.
    this.#rest.catch(() => (this.#rest = undefined));
    return this.#rest;
  }

  /** Without its hosts the page is as good as without a companion. */
  async #offer(): Promise<void> {
    const found = await hosts().catch(() => []);
    this.offered = ['browser', ...found.map(({ id }) => id as HostId)];
  }

  readonly #escape = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && this.#measurement.phase === 'running') this.#measurement.cancel();
  };

  /** Take over the link. A run goes on, unless the link leads to another lab. */
  readonly follow = () => {
    const [settings, measurement] = [this.#settings, this.#measurement];
    if (!settings || !this.isConnected || pageOf(location.hash) !== 'lab') return;
    const another = labOf(location.hash) !== settings.experiment.lab;
    if (measurement.phase === 'running') {
      if (another) measurement.cancel();
      return;
    }
    if (location.hash === settings.fragment()) return;
    settings.follow(location.hash);
    if (another) {
      measurement.reset();
      scrollTo(0, 0);
    }
    this.#replan();
  };

  readonly #change = ({ detail: [field, text] }: FieldChange) => {
    this.#settings!.set(field, text);
    this.#reset();
  };

  #host(host: HostId, on: boolean): void {
    this.hosts = this.offered.filter((offered) => (offered === host ? on : this.hosts.includes(offered)));
    this.#replan();
  }

  /** Go on with what ran as this page was left. */
  #pickUp({ id, host, experiment }: RunInfo): void {
    const settings = this.#settings!;
    settings.follow(settings.fragment(whole(experiment)));
    this.hosts = [host as HostId];
    void this.run(id);
  }

  #quick(on: boolean): void {
    this.#settings!.setQuick(on);
    this.#reset();
  }

  /** The link follows the controls. */
  #reset(): void {
    const settings = this.#settings!;
    if (!settings.error) history.replaceState(null, '', settings.fragment());
    this.#replan();
  }

  /** Show the lanes that the settings ask for; what was measured stays until the next run. */
  #replan(): void {
    if (this.#measurement.reports.size === 0) this.#measurement.plan(this.#settings!.experiment, this.hosts);
    this.requestUpdate();
  }

  async run(goesOn?: string): Promise<void> {
    const settings = this.#settings!;
    settings.forgetLink();
    history.replaceState(null, '', settings.fragment());
    // The traces of all points together would be too much.
    const trace = settings.experiment.sweep.length === 0;
    // Not while the cores are measured.
    const parts = part(Promise.all([this.#rest ?? this.#wakeUp(), import('./lab-outcome.ts')])).catch((error) => {
      throw new Error(`${explain(error)} and reload the page`);
    });
    const running = this.#measurement.start({ ...settings.experiment, trace }, this.hosts, parts, goesOn);
    frames(
      () => this.#pace(),
      () => this.#frame(),
    );
    await running;
    this.#frame();
    this.follow();
    await this.#keep();
  }

  /** In the history of this browser, unless it keeps nothing. A frame has none. */
  async #keep(): Promise<void> {
    const { phase, reports } = this.#measurement;
    if (phase !== 'done' || this.embedded) return;
    const all = [...reports.values()];
    try {
      const { keep } = await part(import('../history.ts'));
      for (const report of all) await keep(report);
      this.unkept = '';
    } catch (error) {
      this.unkept = explain(error);
    }
  }

  /** Lively while nothing is measured. */
  #pace(): Pace | undefined {
    const { phase, active } = this.#measurement;
    if (phase !== 'running') return undefined;
    return active?.round?.kind === 'measured' ? 'sparing' : 'lively';
  }

  #frame(): void {
    if (this.#rendered.stale && performance.now() - this.#rendered.at >= RENDER_MS) this.requestUpdate();
    // Before that it may not be defined yet.
    if (this.#painting) this.picture?.frame();
    const { active } = this.#measurement;
    if (!active) return;
    for (const track of this.tracks) if (track.track === active) track.frame();
  }

  #changed(): void {
    const { active, status, phase } = this.#measurement;
    if (active && active.round !== this.#painting && this.picture) {
      this.#painting = active.round;
      this.#caption = `${active.model}, ${status}`;
      this.picture.clear(active.workers, this.#measurement.experiment!.size);
    }
    this.#rendered.stale = true;
    if (phase !== 'running' || performance.now() - this.#rendered.at >= RENDER_MS) this.requestUpdate();
  }

  protected override updated(): void {
    this.#rendered = { at: performance.now(), stale: false };
    if (!this.isConnected) return;
    document.body.dataset.state = this.#measurement.phase;
    if (this.#settings) document.title = `${this.#settings.lab.question} – gilscope`;
    this.dispatchEvent(new Event('gs-change'));
  }

  /** What is shown, for whoever put this page into another. */
  get measurement(): Measurement {
    return this.#measurement;
  }

  get settings(): Settings | undefined {
    return this.#settings;
  }

  /** Why nothing can be run, if nothing can. */
  get reason(): string {
    if (!this.#settings) return 'gilscope could not start.';
    if (isSandboxed()) return 'This frame’s sandbox lets it start no workers: open the full page.';
    const { error } = this.#settings;
    if (error) return `Mend “${error.field}” first: ${error.remedy}.`;
    return this.hosts.length > 0 ? '' : 'Choose where to run.';
  }

  /** Whether the figures are those of other settings. */
  #stale(): boolean {
    const { reports, experiment } = this.#measurement;
    const settings = this.#settings;
    return reports.size > 0 && !!experiment && !!settings && settings.fragment(experiment) !== settings.fragment();
  }

  protected override render() {
    const [measurement, settings, core] = [this.#measurement, this.#settings, this.core];
    // All of it comes at once, so that nothing moves.
    if (measurement.phase === 'loading') return nothing;
    const reports = measurement.phase === 'running' ? new Map() : measurement.reports;
    return html`
      <gs-lab-heading .labs=${settings?.labs ?? []} current=${settings?.lab.id ?? labOf(location.hash)}></gs-lab-heading>
      <gs-run-bar
        .measurement=${measurement}
        .reason=${this.reason}
        .offered=${this.offered}
        .hosts=${this.hosts}
        ?quick=${settings?.isQuick ?? false}
        ?offersQuick=${settings?.hasQuick ?? false}
        @run=${() => this.run()}
        @cancel=${() => measurement.cancel()}
        @quick=${(event: CustomEvent<boolean>) => this.#quick(event.detail)}
        @host=${({ detail }: Switched<HostId>) => this.#host(...detail)}
      ></gs-run-bar>
      ${settings && measurement.phase === 'idle' && !this.embedded
        ? html`<gs-pick-up @pick-up=${({ detail }: CustomEvent<RunInfo>) => this.#pickUp(detail)}></gs-pick-up>`
        : nothing}
      <gs-lab-notices
        .measurement=${measurement}
        .unsharedReason=${this.embedded ? '' : (settings?.environment.unsharedReason ?? '')}
        .linkError=${settings?.linkError ?? ''}
        .linkUnknown=${settings?.linkUnknown ?? []}
        .unkept=${this.unkept}
        ?stale=${this.#stale()}
      ></gs-lab-notices>
      <div class="bench">
        <div class="side">${settings ? this.#controls(settings) : nothing}</div>
        <gs-lab-lanes .measurement=${measurement}></gs-lab-lanes>
      </div>
      ${settings && this.embedded ? this.#embedded(settings, reports) : nothing}
      ${core && settings && !this.embedded
        ? html`<gs-before-after
              .core=${core}
              .experiment=${reports.size > 0 && measurement.phase === 'done' ? measurement.experiment : undefined}
            ></gs-before-after>
            <gs-lab-charts .reports=${reports}></gs-lab-charts>
            <gs-lab-results
              .reports=${reports}
              link=${`${location.origin}${location.pathname}${measurement.experiment ? settings.fragment(measurement.experiment) : ''}`}
            ></gs-lab-results>
            <div class="playground">
              <gs-preset-list .presets=${settings.presets}></gs-preset-list>
              <gs-all-settings
                .settings=${settings}
                ?disabled=${measurement.phase === 'running'}
                @change-field=${this.#change}
              ></gs-all-settings>
            </div>
            <gs-lab-text lab=${settings.lab.id}></gs-lab-text>
            <gs-next-question .labs=${settings.labs} current=${settings.lab.id}></gs-next-question>`
        : nothing}
    `;
  }

  /** What came of a run, as far as a frame has room for it. */
  #embedded(settings: Settings, reports: ReadonlyMap<HostId, Report>) {
    const { experiment } = this.#measurement;
    if (!experiment || reports.size === 0) return nothing;
    const link = new URL(`./${settings.fragment(experiment)}`, document.baseURI).href;
    // The lanes tell of one point of a sweep alone.
    return html`${experiment.sweep.length > 0 ? html`<gs-lab-charts .reports=${reports}></gs-lab-charts>` : nothing}
      <details>
        <summary>Figures, warnings and files</summary>
        <gs-lab-results .reports=${reports} link=${link}></gs-lab-results>
      </details>`;
  }

  #controls(settings: Settings) {
    const { workload, texts } = settings;
    const points = settings.experiment.sweep.length;
    const running = this.#measurement.phase === 'running';
    // The picture comes first, so that it is in sight together with the lanes.
    return html`${workload.picture
        ? html`<gs-tile-picture caption=${this.#caption}></gs-tile-picture>`
        : nothing}
      <details class="experiment" ?open=${this.#unfolded && !this.embedded}>
        <summary>
          The experiment <span class="note">${points > 0 ? `${points} points, ${workload.id}` : `${texts.tasks} × ${workload.id}`}</span>
        </summary>
        <gs-lab-controls .settings=${settings} ?disabled=${running} @change-field=${this.#change}></gs-lab-controls>
        ${this.embedded
          ? nothing
          : html`<gs-copy-button
              hook="copy-embed"
              label="Copy embed code"
              what="The code is"
              .text=${() => embedCode(new URL('./', document.baseURI).href, settings.fragment(), settings.lab.question)}
            ></gs-copy-button>`}
      </details>`;
  }
}
