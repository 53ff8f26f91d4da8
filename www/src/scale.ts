// The time axis that all lanes share, so that their lengths can be compared.

const STEPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
const TICKS = [1, 2, 2.5, 5, 10];

/** The smallest round number that is at least `value`. */
function roundUp(value: number, steps: readonly number[]): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * (steps.find((step) => step * power >= value * 0.999_999) ?? 10);
}

export class Scale {
  length_us = 1e6;
  #longest_us = 0;
  #fitted = false;

  /** Make room for `us`. Says whether the axis changed. */
  grow(us: number): boolean {
    if (us <= this.length_us) return false;
    this.length_us = roundUp(us * (this.#fitted ? 1.1 : 2), STEPS);
    return true;
  }

  /** A round took this long. */
  note(us: number): void {
    this.#longest_us = Math.max(this.#longest_us, us);
  }

  /** Fit the axis to what was noted since the last call. */
  fit(): void {
    if (this.#longest_us === 0) return;
    this.length_us = roundUp(this.#longest_us * 1.02, STEPS);
    this.#longest_us = 0;
    this.#fitted = true;
  }

  /** About five round numbers from 0, in seconds. */
  ticks(): number[] {
    const length = this.length_us / 1e6;
    const step = roundUp(length / 5, TICKS);
    return Array.from({ length: Math.floor(length / step + 1e-6) + 1 }, (_, i) => i * step);
  }
}
