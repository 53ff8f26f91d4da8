/** Ends a task, so that a reader who does something is answered before the next one. */
export function pause(): Promise<void> {
  return new Promise((goOn) => setTimeout(goOn));
}
