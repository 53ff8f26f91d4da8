// What a frame of ours and the page around it say to each other. Types alone: each side looks at what it hears by
// itself, and the script for other people's pages stays one small file.

import type { Report } from '../host/index.ts';

/** The protocol with its version: every message carries it. */
export type Protocol = 'gilscope.embed/1';

export type Theme = 'auto' | 'light' | 'dark';

/** `waiting`: another run has its turn. */
export type Phase = 'loading' | 'idle' | 'waiting' | 'running' | 'done' | 'cancelled' | 'error';

/** How far a lab is; the `detail` of `gilscope:state`. */
export interface State {
  phase: Phase;
  /** In words: which round it is, or what went wrong. */
  status: string;
  /** Of all rounds, 0 to 1. */
  progress: number;
  /** The rung of the isolation ladder, once the lab is loaded: ARCHITECTURE.md, "Embedding". */
  rung: string | undefined;
}

/** From the page around to the frame. */
export type ToFrame =
  /** Answers `ready`; the frame speaks to this page from then on. */
  | { type: 'hello'; isolated: boolean }
  | { type: 'follow'; fragment: string }
  | { type: 'theme'; theme: Theme }
  /** Answered by `ran` or `failed` with the same id. */
  | { type: 'run'; id: number }
  | { type: 'cancel' }
  /** Another frame measures. */
  | { type: 'queued' }
  /** The frame may measure: none of the others does. */
  | { type: 'turn' };

/** From the frame to the page around. */
export type FromFrame =
  /** The first message, to whoever is around: it holds nothing. */
  | { type: 'ready' }
  | { type: 'size'; height: number }
  | { type: 'state'; state: State }
  /** Answered by `turn`, or by `queued` and later `turn`: where the browser gives the frame no locks. */
  | { type: 'queue' }
  /** The frame gives its turn back, or its place in the queue. */
  | { type: 'over' }
  /** A run has ended well, whoever started it. */
  | { type: 'report'; report: Report }
  | { type: 'ran'; id: number; report: Report }
  /** `report` has what was measured before, if anything was. */
  | { type: 'failed'; id: number; name: string; message: string; report?: Report };

export type Sent<Message> = Message & { gilscope: Protocol };
