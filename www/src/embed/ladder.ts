// The isolation ladder: what this document can run within the page around it, and why. ARCHITECTURE.md, "Embedding".

/** 1: isolated by its own headers. 2: by those of the page around it. 3: not isolated. 4: nothing can run. */
export type Rung = '1' | '2' | '1 or 2' | '3' | '4';

/** What is known of the place. */
export interface Surroundings {
  /** A sandbox has taken the origin away, and with it the right to start workers. */
  sandboxed: boolean;
  /** Why memory cannot be shared, if it cannot. */
  unsharedReason: string | undefined;
  isolated: boolean;
  /** Whether the page around is isolated; only one with our element tells. */
  hostIsolated: boolean | undefined;
}

/** Whether a sandbox has taken this document's origin away. */
export function isSandboxed(): boolean {
  return self.origin === 'null';
}

export function rungOf({ sandboxed, unsharedReason, hostIsolated }: Surroundings): Rung {
  if (sandboxed) return '4';
  if (unsharedReason) return '3';
  // The element always passes the isolation of its page on.
  if (hostIsolated === undefined) return '1 or 2';
  return hostIsolated ? '2' : '1';
}

const OPEN = 'Open the full page to run everything.';

/** The rung in words, with its reason and, where one is missing, the remedy. */
export function ladderInWords(of: Surroundings): { text: string; remedy: string } {
  switch (rungOf(of)) {
    case '1':
      return { text: 'Everything can run in this frame: its own headers isolate it, so its workers can share memory.', remedy: '' };
    case '2':
      return { text: 'Everything can run in this frame: the page around it is isolated, so workers can share memory.', remedy: '' };
    case '1 or 2':
      return { text: 'Everything can run in this frame: it is isolated, so its workers can share memory.', remedy: '' };
    case '3':
      return { text: `Workers cannot share memory in this frame, and what needs that says so. ${unshared(of)}`, remedy: OPEN };
    case '4':
      return {
        text: 'Nothing can run in this frame: it is in a sandbox that takes its origin away, so the browser lets it start no workers.',
        remedy: `${OPEN} If the page around is yours, add allow-same-origin to the sandbox of the frame.`,
      };
  }
}

function unshared({ isolated, hostIsolated, unsharedReason }: Surroundings): string {
  // Isolated, and still none: the browser has no shared memory at all.
  if (isolated) return `The reason: ${unsharedReason}.`;
  if (hostIsolated) return 'The page around is isolated, but does not pass that on: its frame lacks allow="cross-origin-isolated".';
  return (
    'The page around it is not isolated, and this browser isolates no frame for itself. If that page is yours, send it with ' +
    '“Cross-Origin-Opener-Policy: same-origin” and “Cross-Origin-Embedder-Policy: require-corp”.'
  );
}
