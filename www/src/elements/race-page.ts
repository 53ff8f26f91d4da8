import { html, nothing } from 'lit';
import { customElement, query, queryAll, state } from 'lit/decorators.js';
import { environment } from '../environment.ts';
import { type Core, ready } from '../host/index.ts';
import { frames } from '../frames.ts';
import { explain, Race } from '../race.ts';
import { Settings, type Shown } from '../settings.ts';
import type { Place } from '../words.ts';
import type { LaneTrack } from './lane-track.ts';
import { PageElement } from './page-element.ts';
import type { TilePicture } from './tile-picture.ts';
import './race-controls.ts';
import './race-lanes.ts';
import './race-notices.ts';
import './race-results.ts';
import './run-bar.ts';
import './tile-picture.ts';

/** The race: settings, lanes, results. It owns what runs and what the link says. */
@customElement('gs-race-page')
export class RacePage extends PageElement {
  @state() private core?: Core;
  @state() private native = false;
  /** Controls start folded where they would push the lanes out of sight. */
  readonly #unfolded = matchMedia('(min-width: 600px)').matches;

  @query('gs-tile-picture') private picture?: TilePicture;
  @queryAll('gs-lane-track') private tracks!: NodeListOf<LaneTrack>;

  #settings?: Settings;
  #painting?: object;
  #caption = '';
  readonly #race = new Race(
    () => this.#changed(),
    (task) => this.picture?.add(task),
  );

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
    addEventListener('hashchange', () => this.#follow());
    addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.#race.phase === 'running') this.#race.cancel();
    });
  }

  async #load(): Promise<void> {
    try {
      const core = await ready();
      this.#settings = new Settings(core, environment(core));
      this.core = core;
      this.#race.phase = 'idle';
      this.#follow();
      // From here on Run can be pressed: `cargo xtask bench` reads when that was.
      performance.mark('gilscope-ready');
    } catch (error) {
      Object.assign(this.#race, { phase: 'error', error: `gilscope could not start here: ${explain(error)}` });
      this.requestUpdate();
    }
  }

  get #places(): Place[] {
    return this.native ? ['browser', 'native'] : ['browser'];
  }

  /** Take over the link, unless a run is under way. */
  #follow(): void {
    if (this.#race.phase === 'running' || !this.#settings) return;
    if (location.hash === this.#settings.fragment()) return;
    this.#settings.follow(location.hash);
    this.#replan();
  }

  #set(field: Shown, text: string): void {
    const settings = this.#settings!;
    settings.set(field, text);
    if (!settings.error) history.replaceState(null, '', settings.fragment());
    this.#replan();
  }

  /** Show the lanes that the settings ask for; what was measured stays until the next run. */
  #replan(): void {
    if (this.#race.reports.size === 0) this.#race.plan(this.#settings!.experiment, this.#places);
    this.requestUpdate();
  }

  async #run(): Promise<void> {
    const settings = this.#settings!;
    settings.linkError = undefined;
    history.replaceState(null, '', settings.fragment());
    const running = this.#race.start({ ...settings.experiment, trace: true }, this.#places);
    frames(
      () => this.#race.phase === 'running',
      () => this.#frame(),
    );
    await running;
    this.#frame();
    this.#follow();
  }

  #frame(): void {
    this.picture?.frame();
    const { active } = this.#race;
    if (!active) return;
    for (const track of this.tracks) if (track.track === active) track.frame();
  }

  #changed(): void {
    const { active, status } = this.#race;
    if (active && active.round !== this.#painting && this.picture) {
      this.#painting = active.round;
      this.#caption = `${active.model}, ${status}`;
      this.picture.clear(active.workers, this.#race.experiment!.size);
    }
    this.requestUpdate();
  }

  protected override updated(): void {
    document.body.dataset.state = this.#race.phase;
  }

  /** Why nothing can be run, if nothing can. */
  #reason(): string {
    if (this.#race.phase === 'loading') return '';
    if (!this.#settings) return 'gilscope could not start.';
    const { error } = this.#settings;
    return error ? `Mend “${error.field}” first: ${error.remedy}.` : '';
  }

  /** Whether the figures are those of other settings. */
  #stale(): boolean {
    const { reports, experiment } = this.#race;
    const settings = this.#settings;
    return reports.size > 0 && !!experiment && !!settings && settings.fragment(experiment) !== settings.fragment();
  }

  protected override render() {
    const [race, settings, core] = [this.#race, this.#settings, this.core];
    const lab = core?.labs().find(({ id }) => id === (race.experiment?.lab ?? 'race'));
    return html`
      <gs-run-bar
        .race=${race}
        .reason=${this.#reason()}
        .native=${this.native}
        .offersNative=${settings?.environment.native ?? false}
        @run=${this.#run}
        @cancel=${() => race.cancel()}
        @native=${(event: CustomEvent<boolean>) => {
          this.native = event.detail;
          this.#replan();
        }}
      ></gs-run-bar>
      <gs-race-notices
        .race=${race}
        .unsharedReason=${settings?.environment.unsharedReason ?? ''}
        .linkError=${settings?.linkError ?? ''}
        ?stale=${this.#stale()}
      ></gs-race-notices>
      <div class="bench">
        <div class="side">${settings ? this.#controls(settings) : nothing}</div>
        <gs-race-lanes .race=${race}></gs-race-lanes>
      </div>
      ${core
        ? html`<gs-race-results
            .core=${core}
            .lab=${lab}
            .reports=${race.phase === 'running' ? new Map() : race.reports}
            link=${`${location.origin}${location.pathname}${race.experiment && settings ? settings.fragment(race.experiment) : ''}`}
          ></gs-race-results>`
        : nothing}
    `;
  }

  #controls(settings: Settings) {
    const { workload, texts } = settings;
    // The picture comes first, so that it is in sight together with the lanes.
    return html`${workload.picture
        ? html`<gs-tile-picture caption=${this.#caption}></gs-tile-picture>`
        : nothing}
      <details class="experiment" ?open=${this.#unfolded}>
        <summary>The experiment <span class="note">${texts.tasks} × ${workload.id}</span></summary>
        <gs-race-controls
          .settings=${settings}
          ?disabled=${this.#race.phase === 'running'}
          @change-field=${(event: CustomEvent<[Shown, string]>) => this.#set(...event.detail)}
        ></gs-race-controls>
      </details>`;
  }
}
