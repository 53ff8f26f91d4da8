// The frame's side of what it and the page around it say to each other. Whoever is around may ask for a run of what the
// frame shows, as a reader in it could; nothing else is to be had here.

import type { Report } from '../host/index.ts';
import type { Waiting } from '../host/turns.ts';
import type { FromFrame, Protocol, State, Theme, ToFrame } from './messages.ts';

const PROTOCOL: Protocol = 'gilscope.embed/1';
/** Longer than any fragment that the site makes. */
const MOST_CHARACTERS = 100_000;

/** What the page around may ask of the frame. */
export interface Asked {
  hello(isolated: boolean): void;
  follow(fragment: string): void;
  theme(theme: Theme): void;
  run(): Promise<Report>;
  cancel(): void;
}

function isMessage(data: unknown): data is ToFrame {
  const message = data as (Record<string, unknown> & { gilscope?: unknown }) | null;
  if (typeof message !== 'object' || message?.gilscope !== PROTOCOL) return false;
  switch (message.type) {
    case 'hello':
      return typeof message.isolated === 'boolean';
    case 'follow':
      return typeof message.fragment === 'string' && message.fragment.startsWith('#') && message.fragment.length < MOST_CHARACTERS;
    case 'theme':
      return message.theme === 'auto' || message.theme === 'light' || message.theme === 'dark';
    case 'run':
      return typeof message.id === 'number';
    default:
      return message.type === 'cancel' || message.type === 'queued' || message.type === 'turn';
  }
}

export class Bridge {
  /** Who speaks: the origin of the first `hello`. */
  #host?: string;
  #told = '';
  /** Who waits for the turn. */
  #waiting?: { queued?: () => void; granted(): void };

  constructor(readonly asked: Asked) {
    if (parent === self) return;
    addEventListener('message', this.#hear);
    new ResizeObserver(() => this.#size()).observe(document.documentElement);
    parent.postMessage({ type: 'ready', gilscope: PROTOCOL }, '*');
  }

  state(state: State): void {
    const told = JSON.stringify(state);
    if (told === this.#told || !this.#host) return;
    this.#told = told;
    this.#say({ type: 'state', state });
  }

  report(report: Report): void {
    this.#say({ type: 'report', report });
  }

  /** Wait until the page around gives this frame the turn; resolves with what gives it back. */
  turn({ signal, onQueued }: Waiting): Promise<() => void> {
    const over = () => this.#say({ type: 'over' });
    return new Promise((resolve, reject) => {
      this.#waiting = { queued: onQueued, granted: () => resolve(over) };
      signal?.addEventListener('abort', () => {
        // Who has the turn already gives it back when the run has ended.
        if (!this.#waiting) return;
        this.#waiting = undefined;
        over();
        reject(signal.reason);
      });
      this.#say({ type: 'queue' });
    });
  }

  #say(message: FromFrame): void {
    // The origin of a page in a sandbox, or from a file, cannot be named.
    if (this.#host) parent.postMessage({ ...message, gilscope: PROTOCOL }, this.#host === 'null' ? '*' : this.#host);
  }

  #size(): void {
    this.#say({ type: 'size', height: Math.ceil(document.documentElement.getBoundingClientRect().height) });
  }

  readonly #hear = ({ origin, source, data }: MessageEvent) => {
    if (source !== parent || !isMessage(data)) return;
    if (data.type === 'hello') this.#host ??= origin;
    if (origin === this.#host) void this.#on(data);
  };

  async #on(message: ToFrame): Promise<void> {
    switch (message.type) {
      case 'hello':
        // The page around gives the frame its height now.
        document.documentElement.dataset.sized = '';
        this.#size();
        return this.asked.hello(message.isolated);
      case 'follow':
        return this.asked.follow(message.fragment);
      case 'theme':
        return this.asked.theme(message.theme);
      case 'cancel':
        return this.asked.cancel();
      case 'turn':
        this.#waiting?.granted();
        this.#waiting = undefined;
        return;
      case 'queued':
        return this.#waiting?.queued?.();
      case 'run':
        return this.#run(message.id);
    }
  }

  async #run(id: number): Promise<void> {
    try {
      this.#say({ type: 'ran', id, report: await this.asked.run() });
    } catch (error) {
      const { name, message, report } = error as Error & { report?: Report };
      this.#say({ type: 'failed', id, name, message, ...(report && { report }) });
    }
  }
}
