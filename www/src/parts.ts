// What comes later, or never: parts of the site that are loaded when they are needed, answers of the companion.

/** On the slowest of networks a part takes a few seconds. */
const PATIENCE_MS = 60_000;

/** What comes, if it does so in time; else rejects with `late`. A browser would wait for ever. */
export async function inTime<T>(coming: Promise<T>, ms: number, late: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error(late)), ms)));
  try {
    return await Promise.race([coming, end]);
  } finally {
    clearTimeout(timer);
  }
}

/** A part of the site that is being loaded. Rejects with why it cannot be had. */
export async function part<T>(loading: Promise<T>): Promise<T> {
  try {
    return await inTime(loading, PATIENCE_MS, `it did not come within ${PATIENCE_MS / 1000} s`);
  } catch (error) {
    throw new Error(`a part of the site could not be loaded (${(error as Error).message}); look at the connection`);
  }
}

/** What comes, unless it is cancelled meanwhile: then an `AbortError`. */
export function unless<T>(signal: AbortSignal | undefined, coming: Promise<T>): Promise<T> {
  if (!signal) return coming;
  return new Promise((resolve, reject) => {
    const cancelled = () => reject(new DOMException('the run was cancelled', 'AbortError'));
    signal.addEventListener('abort', cancelled);
    if (signal.aborted) cancelled();
    void coming.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancelled));
  });
}
