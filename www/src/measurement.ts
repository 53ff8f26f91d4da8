// One measurement: from Run to the reports, on one host after another. Elements show what is here; it tells them by
// `changed`, a few times a round, and draws what is live through `frame`.

import { type CompanionOptions, type Event, type Report, type Warning, endOnCompanion, pickUp, runIn } from './host/index.ts';
import type { Track } from './live.ts';
import { measured } from './measured.ts';
import { unless } from './parts.ts';
import { pause } from './pause.ts';
import { plannedTracks, tracksOf } from './plan.ts';
import type { Kind } from './timeline/round.ts';
import { Scale } from './timeline/scale.ts';
import { whole, type WholeExperiment } from './whole.ts';
import { hostAbout, type HostId, workersOf } from './words.ts';

export type Phase = 'loading' | 'idle' | 'running' | 'done' | 'cancelled' | 'error';
export interface Ceiling {
  host: HostId;
  workers: number;
  speedup: number;
}
export type TaskEvent = Extract<Event, { type: 'task' }>;

/** Says what went wrong to someone who reads the page. */
export function explain(error: unknown): string {
  return error instanceof Error ? error.message : String((error as { message?: unknown } | undefined)?.message ?? error);
}

export class Measurement {
  phase: Phase = 'loading';
  /** The experiment that runs or ran; before that, the one that the settings ask for. */
  experiment?: WholeExperiment;
  tracks: Track[] = [];
  /** Where it runs, in this order. */
  hosts: HostId[] = [];
  readonly scale = new Scale();
  /** From the rounds so far, at the point that is shown. */
  ceilings: Ceiling[] = [];
  reports = new Map<HostId, Report>();
  warnings: Warning[] = [];
  /** Whether the lock of threads runs over messages in the browser. */
  lockOverMessages = false;
  error = '';
  /** Terminates a worker of `processes`, while a run goes on in this browser or natively. */
  kill: ((worker: number) => void) | undefined;
  /** Spoken: which round it is, or which point. */
  status = '';
  /** Not spoken: what is measured just now. */
  detail = '';
  /** Of all rounds, 0 to 1. */
  progress = 0;
  /** The track whose round is being measured. */
  active: Track | undefined;
  /** The point of the sweep that the lanes show, counted from 0. */
  point = 0;
  /** After the run, the measured round that the lanes show, counted from 0. */
  round = 0;

  #abort: AbortController | undefined;
  #offset_us = -Infinity;
  /** Runs that come first; nobody counts those of other tabs and frames. */
  #ahead: number | 'some' = 0;
  #lost = false;

  constructor(
    /** Something changed that an element shows. */
    readonly changed: () => void,
    /** A task's answer with a tile of the picture. */
    readonly painted: (task: TaskEvent) => void,
  ) {}

  /** The tracks of the point that the lanes show. */
  get shown(): Track[] {
    return this.tracks.filter(({ point }) => point === this.point);
  }

  /** Why nothing is heard of the run just now, if so; spoken in place of the status. */
  get hindrance(): string {
    if (this.#lost) return 'connection lost, trying again…';
    if (this.#ahead === 0) return '';
    if (this.#ahead === 'some') return 'waiting for its turn: another run goes on';
    return `waiting for its turn: ${this.#ahead === 1 ? '1 run is' : `${this.#ahead} runs are`} ahead`;
  }

  /** The run's clock now, as far as the events tell. */
  now_us(): number {
    return performance.now() * 1e3 + this.#offset_us;
  }

  ceiling(host: HostId, workers: number): number | undefined {
    return this.ceilings.find((ceiling) => ceiling.host === host && ceiling.workers === workers)?.speedup;
  }

  #setCeiling(host: HostId, workers: number, speedup: number): void {
    const others = this.ceilings.filter((ceiling) => ceiling.host !== host || ceiling.workers !== workers);
    this.ceilings = [...others, { host, workers, speedup }];
  }

  /** Show the lanes of an experiment that has not run. */
  plan(experiment: WholeExperiment, hosts: HostId[]): void {
    this.experiment = experiment;
    this.hosts = hosts;
    this.tracks = hosts.flatMap((host) => plannedTracks(experiment, host));
    this.reports.clear();
    this.ceilings = [];
    this.warnings = [];
    this.lockOverMessages = false;
    this.point = 0;
    this.changed();
  }

  /** Forget what was measured, and why it failed: another lab begins. */
  reset(): void {
    this.reports.clear();
    Object.assign(this, { phase: 'idle', error: '', status: '', detail: '', progress: 0 });
    this.scale.reset();
  }

  /**
   * Run an experiment on these hosts once `parts` of the page are there, or listen to its run in the only one, which goes
   * on already.
   */
  async start(experiment: WholeExperiment, hosts: HostId[], parts: Promise<unknown>, goesOn?: string): Promise<void> {
    this.plan(experiment, hosts);
    measured.clear();
    this.#abort = new AbortController();
    this.scale.reset();
    Object.assign(this, { phase: 'running', status: 'starting', detail: '', progress: 0, error: '' });
    this.changed();
    try {
      await unless(this.#abort.signal, parts).catch((error) => {
        if (goesOn) void endOnCompanion(goesOn).catch(() => {});
        throw error;
      });
      for (const host of hosts) await this.#measure(host, experiment, this.#abort.signal, goesOn);
      this.#finish('done', 'finished');
    } catch (error) {
      const cancelled = error instanceof Error && error.name === 'AbortError';
      this.error = cancelled ? '' : explain(error);
      this.#finish(cancelled ? 'cancelled' : 'error', cancelled ? 'cancelled' : 'failed');
    }
  }

  /** Show reports of one experiment that was measured before. */
  recall(reports: ReadonlyMap<HostId, Report>): void {
    const [report] = reports.values();
    if (!report) return;
    this.plan(whole(report.experiment), [...reports.keys()]);
    for (const [host, of] of reports) this.#take(host, of);
    this.#finish('done', 'measured before');
  }

  cancel(): void {
    this.#abort?.abort();
    this.status = 'cancelling';
    this.changed();
  }

  /** Show the lanes of another point, once nothing runs. */
  show(point: number): void {
    this.point = point;
    this.#fitScale();
    this.changed();
  }

  /** Measured rounds that all lanes can show which have any. */
  get rounds(): number {
    const counts = this.shown.map(({ trace }) => trace?.samples.length ?? 0).filter((count) => count > 0);
    return counts.length > 0 ? Math.min(...counts) : 0;
  }

  /** Show another measured round in all lanes: rounds are interleaved, so these were measured side by side. */
  showRound(round: number): void {
    this.#showRound(round);
    this.#fitScale();
    this.changed();
  }

  #showRound(round: number): void {
    this.round = round;
    for (const track of this.tracks) track.show(round);
  }

  async #measure(host: HostId, experiment: WholeExperiment, signal: AbortSignal, goesOn?: string): Promise<void> {
    this.#offset_us = -Infinity;
    const options: CompanionOptions = {
      onKill: (kill) => (this.kill = kill),
      onTrace: (event) => this.#on(host, event),
      onQueued: (ahead) => this.#hinder(ahead ?? 'some', false),
      onConnection: (connection) => this.#hinder(this.#ahead, connection === 'lost'),
      signal,
    };
    try {
      const report = await (goesOn ? pickUp(goesOn, options) : runIn(host, experiment, options));
      await pause();
      this.#take(host, report);
    } catch (error) {
      const partial = (error as { report?: Report } | undefined)?.report;
      if (partial) this.#take(host, partial);
      throw error;
    } finally {
      this.kill = undefined;
    }
  }

  #hinder(ahead: number | 'some', lost: boolean): void {
    this.#ahead = ahead;
    this.#lost = lost;
    this.changed();
  }

  /** Replace what was live by what the report says. */
  #take(host: HostId, report: Report): void {
    this.reports.set(host, report);
    measured.set(host, report);
    for (const [workers, speedup] of Object.entries(report.host.ceiling)) this.#setCeiling(host, Number(workers), speedup);
    for (const track of this.tracks.filter((track) => track.host === host)) {
      const same = (of: { model: string; workers: number }) => of.model === track.model && of.workers === track.workers;
      track.run = report.runs.find((run) => same(run) && (run.point ?? 0) === track.point);
      // An experiment with a sweep asks for no trace.
      track.trace = report.trace?.find(same);
    }
    this.#showRound(this.rounds - 1);
  }

  #finish(phase: Phase, status: string): void {
    this.#activate(undefined, this.now_us(), 'measured');
    this.#abort = undefined;
    this.#ahead = 0;
    this.#lost = false;
    this.#fitScale();
    Object.assign(this, { phase, status, detail: '', progress: phase === 'done' ? 1 : this.progress });
    this.changed();
  }

  #fitScale(): void {
    for (const { round } of this.shown) {
      if (round?.end_us !== undefined) this.scale.note(round.end_us - round.start_us);
    }
    this.scale.fit();
  }

  #on(host: HostId, event: Event): void {
    const tracks = this.tracks.filter((track) => track.host === host);
    const track = 'run' in event && event.run !== undefined ? tracks[event.run] : undefined;
    // The event that took the least time to arrive tells the run's clock best.
    if ('now_us' in event) this.#offset_us = Math.max(this.#offset_us, event.now_us - performance.now() * 1e3);
    switch (event.type) {
      case 'trace':
        return track?.add(event.worker, event.transitions, event.now_us);
      case 'task':
        return this.painted(event);
      case 'begin':
        this.point = 0;
        this.#ahead = 0;
        if (event.host.lock === 'messages') this.lockOverMessages = true;
        // The sizes of its points may be those that suit the host.
        this.#planned(host, tracksOf(event.runs, whole(event.experiment), host));
        break;
      case 'starting':
        this.#reach(track);
        this.detail = `${this.#name(track, event.workers)}: being started and warmed up`;
        this.#activate(track, event.now_us, 'start-up');
        break;
      case 'round-start':
        this.#roundStart(host, event, track);
        break;
      case 'round-end':
        track?.end(event.start_us, event.end_us, event.speedup);
        this.scale.note(event.end_us - event.start_us);
        this.active = undefined;
        break;
      case 'death':
        if (track) track.lastDeath = event;
        break;
      case 'ceiling':
        this.#setCeiling(host, event.workers, event.speedup);
        break;
      case 'warning':
        this.warnings.push({ code: event.code, text: event.text });
    }
    this.changed();
  }

  /** Another point of the sweep has its own lengths and its own ceiling. */
  #reach(track: Track | undefined): void {
    if (!track || track.point === this.point) return;
    this.point = track.point;
    this.scale.reset();
    this.ceilings = [];
  }

  #roundStart(host: HostId, event: Extract<Event, { type: 'round-start' }>, track: Track | undefined): void {
    this.#reach(track);
    const { sweep, runs } = this.experiment!;
    const measured = Number(sweep[this.point]?.runs ?? runs);
    const warmup = event.rounds - measured;
    if (!track || track === this.shown.find(({ host: of, unavailable }) => of === host && !unavailable)) this.scale.fit();
    const where = this.hosts.length > 1 ? `, ${hostAbout(host)}` : '';
    const round = event.warmup
      ? `warm-up round ${event.round + 1} of ${warmup}`
      : `round ${event.round - warmup + 1} of ${measured}`;
    const name = track ? this.#name(track, track.workers) : 'the ceiling: bare workers';
    const at = sweep[this.point];
    this.status = at ? `point ${this.point + 1} of ${sweep.length}${where}` : `${round}${where}`;
    this.detail = at ? `${name}, ${round}` : name;
    const ofPoints = (this.point + event.round / event.rounds) / Math.max(1, sweep.length);
    this.progress = (this.hosts.indexOf(host) + ofPoints) / this.hosts.length;
    this.#activate(track, event.now_us, event.warmup ? 'warm-up' : 'measured');
  }

  #activate(track: Track | undefined, now_us: number, kind: Kind): void {
    this.active?.round?.close(now_us);
    track?.begin(now_us, kind);
    this.active = track;
  }

  /** The host says which runs there will be; other hosts keep theirs, in the order in which they run. */
  #planned(host: HostId, planned: Track[]): void {
    this.tracks = this.hosts.flatMap((of) => (of === host ? planned : this.tracks.filter((track) => track.host === of)));
  }

  #name(track: Track | undefined, workers: number): string {
    return `${track?.model ?? 'the ceiling'}, ${workersOf(workers)}`;
  }
}
