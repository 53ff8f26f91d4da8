// <gilscope-lab lab="race" workers="4" theme="auto">: a lab within any page, by this one script. Beneath it is an iframe
// of embed.html, which lies beside this script. Every attribute is a field of the experiment, but for `theme` and those
// that HTML has for all elements.

import type { Report } from '../host/index.ts';
import { fragmentOf, isField } from './attributes.ts';
import { Frame, type FrameListener } from './frame.ts';
import type { Theme } from './messages.ts';

/** The site that the script comes from. Vite must not take the address below for a file to bundle. */
const SCRIPT = import.meta.url;
const SITE = new URL(import.meta.env.DEV ? '../../' : './', SCRIPT);

/** A lab is loaded when it is so near to the window. */
const NEAR = '300px';

const STYLE = `
  :host { display: block; }
  :host([hidden]) { display: none; }
  .room { min-height: 720px; }
  iframe { display: block; width: 100%; height: 720px; border: 0; }
  iframe[hidden] { display: none; }
  .lost { border: 1px solid; border-radius: 8px; padding: 12px 16px; }
`;

function isTheme(text: string | null): text is Theme {
  return text === 'light' || text === 'dark';
}

export class GilscopeLab extends HTMLElement {
  readonly #root = this.attachShadow({ mode: 'open' });
  /** Keeps the room of a frame that is not there yet, so that nothing moves when it comes. */
  readonly #room: HTMLElement = Object.assign(document.createElement('div'), { className: 'room' });
  readonly #attributes = new MutationObserver((changes) => this.#follow(changes));
  readonly #near = new IntersectionObserver(
    (seen) => {
      if (seen.some(({ isIntersecting }) => isIntersecting)) this.#load();
    },
    { rootMargin: NEAR },
  );
  readonly #listener: FrameListener = {
    ready: () => {
      this.#room.querySelector('.lost')?.remove();
      this.#frame!.element.hidden = false;
    },
    lost: (why) => this.#lose(why),
    sized: (height) => {
      this.#room.style.minHeight = '0';
      this.#frame!.element.style.height = `${height}px`;
    },
    state: (state) => this.#tell('state', state),
    report: (report) => this.#tell('report', report),
  };
  #frame?: Frame;

  constructor() {
    super();
    // Not a style element: the page's Content-Security-Policy may forbid those.
    const style = new CSSStyleSheet();
    style.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [style];
    this.#root.append(this.#room);
  }

  connectedCallback(): void {
    this.#attributes.observe(this, { attributes: true });
    this.#near.observe(this);
  }

  disconnectedCallback(): void {
    this.#attributes.disconnect();
    this.#near.disconnect();
    this.#frame?.close();
    this.#frame = undefined;
  }

  /** Run the lab. Rejects with the reason where that cannot be, with an `AbortError` when the run is cancelled. */
  async run(): Promise<Report> {
    if (!this.isConnected) throw new Error('gilscope-lab: the element must be in the page before it can run');
    this.#follow(this.#attributes.takeRecords());
    return this.#load().run();
  }

  /** End the run that goes on, if one does. */
  cancel(): void {
    this.#frame?.send({ type: 'cancel' });
  }

  #load(): Frame {
    if (this.#frame) return this.#frame;
    this.#near.disconnect();
    const url = new URL(`embed.html${fragmentOf(this.attributes)}`, SITE);
    const theme = this.getAttribute('theme');
    if (isTheme(theme)) url.searchParams.set('theme', theme);
    const title = this.title || `gilscope: ${this.getAttribute('lab') ?? 'race'}`;
    this.#frame = new Frame(url, title, this.#listener);
    this.#room.replaceChildren(this.#frame.element);
    return this.#frame;
  }

  #follow(changes: MutationRecord[]): void {
    const names = changes.map(({ attributeName }) => attributeName ?? '');
    const theme = this.getAttribute('theme');
    if (names.includes('theme')) this.#frame?.send({ type: 'theme', theme: isTheme(theme) ? theme : 'auto' });
    if (names.some(isField)) this.#frame?.send({ type: 'follow', fragment: fragmentOf(this.attributes) });
  }

  #tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(`gilscope:${name}`, { detail, bubbles: true, composed: true }));
  }

  /** What stands within the element serves those without the frame, beside a plain link. */
  #lose(why: string): void {
    const link = document.createElement('a');
    Object.assign(link, { href: new URL(`./${fragmentOf(this.attributes)}`, SITE).href, textContent: 'Open this lab in a page of its own' });
    const text = Object.assign(document.createElement('p'), { textContent: `${why}.` });
    const lost = Object.assign(document.createElement('div'), { className: 'lost' });
    lost.append(document.createElement('slot'), text, link);
    this.#room.style.minHeight = '0';
    this.#frame!.element.hidden = true;
    this.#room.prepend(lost);
  }
}

if (!customElements.get('gilscope-lab')) customElements.define('gilscope-lab', GilscopeLab);

declare global {
  interface HTMLElementTagNameMap {
    'gilscope-lab': GilscopeLab;
  }
}
