// The iframe beneath <gilscope-lab>, and what is said through it.

import type { Report } from '../host/index.ts';
import type { FromFrame, Protocol, State, ToFrame } from './messages.ts';

const PROTOCOL: Protocol = 'gilscope.embed/1';
/** A frame that has said nothing for so long is not there, or is not ours. */
const READY_MS = 20_000;

/** The frames of this page that have the turn or wait for it. */
const queue: Frame[] = [];

function isMessage(data: unknown): data is FromFrame {
  const message = data as (Record<string, unknown> & { gilscope?: unknown }) | null;
  if (typeof message !== 'object' || message?.gilscope !== PROTOCOL) return false;
  const are = (type: string, ...names: string[]) => names.every((name) => typeof message[name] === type && message[name] !== null);
  switch (message.type) {
    case 'size':
      return are('number', 'height');
    case 'state':
      return are('object', 'state');
    case 'report':
      return are('object', 'report');
    case 'ran':
      return are('number', 'id') && are('object', 'report');
    case 'failed':
      return are('number', 'id') && are('string', 'name', 'message');
    default:
      return message.type === 'ready' || message.type === 'queue' || message.type === 'over';
  }
}

export interface FrameListener {
  sized(height: number): void;
  state(state: State): void;
  report(report: Report): void;
  /** The frame answers, also after it seemed lost. */
  ready(): void;
  /** The frame does not load, for this reason. */
  lost(why: string): void;
}

interface Asked {
  resolve(report: Report): void;
  reject(error: Error): void;
}

function abortError(message: string, report?: Report): Error {
  return Object.assign(new Error(message), { name: 'AbortError', report });
}

export class Frame {
  readonly element = document.createElement('iframe');
  readonly #asked = new Map<number, Asked>();
  /** What is to be said once the frame is ready. */
  #unsent: ToFrame[] | undefined = [];
  #asks = 0;
  #lost?: string;
  #timer: ReturnType<typeof setTimeout>;

  constructor(
    readonly url: URL,
    title: string,
    readonly listener: FrameListener,
  ) {
    // An isolated page passes its isolation on; the frame's own headers do the rest.
    Object.assign(this.element, { src: url.href, title, allow: 'cross-origin-isolated', referrerPolicy: 'no-referrer' });
    addEventListener('message', this.#hear);
    document.addEventListener('securitypolicyviolation', this.#violation);
    this.#timer = setTimeout(() => this.#lose(`it said nothing for ${READY_MS / 1000} s; is ${url.origin} there?`), READY_MS);
  }

  /** Take the frame away; who waits for a run hears of it. */
  close(): void {
    removeEventListener('message', this.#hear);
    document.removeEventListener('securitypolicyviolation', this.#violation);
    clearTimeout(this.#timer);
    this.element.remove();
    this.#over();
    this.#rejectAll(abortError('gilscope-lab: the element was taken out of the page'));
  }

  run(): Promise<Report> {
    if (this.#lost) return Promise.reject(new Error(this.#lost));
    return new Promise((resolve, reject) => {
      const id = ++this.#asks;
      this.#asked.set(id, { resolve, reject });
      this.send({ type: 'run', id });
    });
  }

  send(message: ToFrame): void {
    if (this.#unsent) this.#unsent.push(message);
    else this.element.contentWindow?.postMessage({ ...message, gilscope: PROTOCOL }, this.url.origin);
  }

  readonly #hear = ({ origin, source, data }: MessageEvent) => {
    if (origin === this.url.origin && source === this.element.contentWindow && isMessage(data)) this.#on(data);
  };

  #on(message: FromFrame): void {
    switch (message.type) {
      case 'ready':
        return this.#ready();
      case 'size':
        return this.listener.sized(message.height);
      case 'state':
        return this.listener.state(message.state);
      case 'report':
        return this.listener.report(message.report);
      case 'queue':
        return this.#queue();
      case 'over':
        return this.#over();
      case 'ran':
        return this.#answer(message.id)?.resolve(message.report);
      case 'failed': {
        const error = message.name === 'AbortError' ? abortError(message.message, message.report) : new Error(message.message);
        return this.#answer(message.id)?.reject(error);
      }
    }
  }

  #queue(): void {
    queue.push(this);
    this.send({ type: queue[0] === this ? 'turn' : 'queued' });
  }

  /** Give the turn to the next, or leave the queue. */
  #over(): void {
    const at = queue.indexOf(this);
    if (at < 0) return;
    queue.splice(at, 1);
    if (at === 0) queue[0]?.send({ type: 'turn' });
  }

  #answer(id: number): Asked | undefined {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    return asked;
  }

  /** Every time that the frame is loaded. */
  #ready(): void {
    clearTimeout(this.#timer);
    this.#lost = undefined;
    this.#over();
    const unsent = this.#unsent;
    this.#unsent = undefined;
    if (!unsent) this.#rejectAll(abortError('gilscope-lab: the frame was loaded anew'));
    this.send({ type: 'hello', isolated: crossOriginIsolated });
    for (const message of unsent ?? []) this.send(message);
    this.listener.ready();
  }

  /** The page's own policy may forbid frames of other origins. */
  readonly #violation = ({ blockedURI, effectiveDirective }: SecurityPolicyViolationEvent) => {
    if (!/^(frame|child|default)-src/.test(effectiveDirective) || !blockedURI.startsWith(this.url.origin)) return;
    this.#lose(`this page’s Content-Security-Policy forbids it: add ${this.url.origin} to its frame-src`);
  };

  #lose(why: string): void {
    if (!this.#unsent) return;
    clearTimeout(this.#timer);
    this.#lost = `gilscope-lab: the frame does not load: ${why}`;
    this.#rejectAll(new Error(this.#lost));
    this.listener.lost(this.#lost);
  }

  #rejectAll(error: Error): void {
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const { reject } of asked) reject(error);
  }
}
