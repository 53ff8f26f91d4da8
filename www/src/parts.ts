// Parts of the site that are loaded when they are needed.

/** On the slowest of networks one takes a few seconds. */
const PATIENCE_MS = 60_000;

/** A part that is being loaded: a browser would wait for it for ever. Rejects with what to do about it. */
export async function part<T>(loading: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not come within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([loading, late]);
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`a part of the site could not be loaded (${message}); look at the connection and reload the page`);
  } finally {
    clearTimeout(timer);
  }
}

/** Wait for something, unless it is cancelled meanwhile. */
export function unless<T>(signal: AbortSignal | undefined, coming: Promise<T>): Promise<T> {
  if (!signal) return coming;
  return new Promise((resolve, reject) => {
    const cancelled = () => reject(signal.reason);
    signal.addEventListener('abort', cancelled);
    if (signal.aborted) cancelled();
    coming.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancelled));
  });
}
