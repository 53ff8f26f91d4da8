// The event loop of every web worker: isolated ones, which frames reach, and those on the page's memory,
// which are called. The other end is src/browser/port.rs.
//
// Only the page creates workers: a blocked worker that creates another one hangs in Chromium and WebKit.

import { IsolatedWorker, callShared, initSync } from '../wasm/measuring.js';
import { memory } from './module.ts';

type FromPage =
  | { tag: 'start'; module: WebAssembly.Module; epochMs: number; memory?: WebAssembly.Memory; beside?: SharedArrayBuffer }
  | { tag: 'frame'; frame: Uint8Array }
  | { tag: 'call'; pointer: number }
  | { tag: 'close' };

type ToPage =
  | { tag: 'ready' }
  | { tag: 'frame'; frame: Uint8Array }
  | { tag: 'called' }
  | { tag: 'closed' }
  | { tag: 'error'; text: string };
// src/browser/worker.rs says 'spawn' and 'doomed' itself.

const scope = self as unknown as DedicatedWorkerGlobalScope;
const post = (message: ToPage, transfer: Transferable[] = []) => scope.postMessage(message, transfer);

let exports: ReturnType<typeof initSync> | undefined;
let isolated: IsolatedWorker | undefined;

// A message to oneself is the quickest way through the event loop; timers are held back to 4 ms.
const again = new MessageChannel();
/** A message that comes meanwhile may bring work, too: it is one way through the event loop all the same. */
let coming = false;
again.port1.onmessage = () => {
  coming = false;
  guarded(work);
};

/** The longest nap between two looks at the event loop: a worker that returns to it stops at once. */
const NAP_MS = 8;
/** The same without a way to wait; the page wants to hear of it now and then. */
const SLUMBER_MS = 200;
/** Nobody notifies it: waiting on it is the only precise nap. Timers are held back to 4 ms. */
const pillow = crossOriginIsolated && 'SharedArrayBuffer' in self ? new Int32Array(new SharedArrayBuffer(4)) : undefined;

function work(): void {
  const pauseMs = isolated?.advance();
  if (pauseMs === undefined) return;
  // Cut off to whole milliseconds it would ring too early, again and again, and then be held back.
  if (pauseMs > 0 && !pillow) return void setTimeout(() => guarded(work), Math.ceil(Math.min(pauseMs, SLUMBER_MS)));
  if (pauseMs > 0) Atomics.wait(pillow!, 0, 0, Math.min(pauseMs, NAP_MS));
  if (!coming) again.port2.postMessage(undefined);
  coming = true;
}

function start(message: FromPage & { tag: 'start' }): void {
  const { module, epochMs, beside } = message;
  exports = initSync({ module, memory: message.memory ?? memory() });
  if (!message.memory) {
    const answer = (frame: Uint8Array<ArrayBuffer>) => post({ tag: 'frame', frame }, [frame.buffer]);
    isolated = new IsolatedWorker(epochMs, answer, beside);
  }
  post({ tag: 'ready' });
}

function handle(message: FromPage): void {
  switch (message.tag) {
    case 'start':
      return start(message);
    case 'frame':
      if (isolated?.receive(message.frame)) work();
      return;
    case 'call':
      callShared(message.pointer);
      return post({ tag: 'called' });
    case 'close':
      // This worker's stack and thread-locals lie in the memory of the page, which lives on.
      exports?.__wbindgen_thread_destroy();
      return post({ tag: 'closed' });
  }
}

/** What src/browser/worker.rs throws then. */
const ENDED = 'ended';

/** A worker that throws would look like one that hangs, so what it throws goes to the page. */
function guarded(body: () => void): void {
  try {
    body();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    // One that has closed itself says nothing more.
    if (text === ENDED) return;
    post({ tag: 'error', text: error instanceof WebAssembly.RuntimeError ? `its WebAssembly trapped: ${text}` : text });
  }
}

scope.onmessage = (event: MessageEvent<FromPage>) => guarded(() => handle(event.data));
