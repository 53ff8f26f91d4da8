// The time axis that all lanes share, so that their lengths can be compared, and the part of it that is in view.

const STEPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
const TICKS = [1, 2, 2.5, 5, 10];

/** Nothing shorter is in view: clocks of browsers tell no less than 5 to 20 µs. */
const SHORTEST_US = 20;

/** The smallest round number that is at least `value`. */
function roundUp(value: number, steps: readonly number[]): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * (steps.find((step) => step * power >= value * 0.999_999) ?? 10);
}

/** Microseconds since the start of a round. */
export interface View {
  from_us: number;
  to_us: number;
}

export class Scale {
  length_us = 1e6;
  view: View = { from_us: 0, to_us: this.length_us };
  #longest_us = 0;
  #fitted = false;
  readonly #watchers = new Set<() => void>();

  /** Call `changed` whenever a reader moves the view. Gives what ends that. */
  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  /** Forget what was noted: other lengths are to come. */
  reset(): void {
    [this.#longest_us, this.#fitted] = [0, false];
    this.#setLength(1e6);
  }

  /** Make room for `us`. Says whether the axis changed. */
  grow(us: number): boolean {
    if (us <= this.length_us) return false;
    this.#setLength(roundUp(us * (this.#fitted ? 1.1 : 2), STEPS));
    return true;
  }

  /** A round took this long. */
  note(us: number): void {
    this.#longest_us = Math.max(this.#longest_us, us);
  }

  /** Fit the axis to what was noted since the last call. */
  fit(): void {
    if (this.#longest_us === 0) return;
    this.#setLength(roundUp(this.#longest_us * 1.02, STEPS));
    this.#longest_us = 0;
    this.#fitted = true;
  }

  /** All of the axis comes into view. */
  #setLength(us: number): void {
    this.length_us = us;
    this.view = { from_us: 0, to_us: us };
  }

  /** How long is what is in view. */
  get span_us(): number {
    return this.view.to_us - this.view.from_us;
  }

  get isWhole(): boolean {
    return this.span_us >= this.length_us;
  }

  /** Show this part of the axis, or the nearest there is. */
  show(from_us: number, span_us: number): void {
    const span = Math.min(Math.max(span_us, SHORTEST_US), this.length_us);
    const from = Math.min(Math.max(from_us, 0), this.length_us - span);
    if (from === this.view.from_us && span === this.span_us) return;
    this.view = { from_us: from, to_us: from + span };
    for (const changed of this.#watchers) changed();
  }

  /** Show a part so many times shorter, in which `at_us` stays where it is. */
  zoom(factor: number, at_us = (this.view.from_us + this.view.to_us) / 2): void {
    const span = Math.min(Math.max(this.span_us / factor, SHORTEST_US), this.length_us);
    this.show(at_us - ((at_us - this.view.from_us) / this.span_us) * span, span);
  }

  /** Move on by a share of what is in view. */
  pan(share: number): void {
    this.show(this.view.from_us + share * this.span_us, this.span_us);
  }

  whole(): void {
    this.show(0, this.length_us);
  }

  /** Bring a span into view: as it is, if it fits. */
  reveal(start_us: number, end_us: number): void {
    const { from_us, to_us } = this.view;
    if (start_us >= from_us && end_us <= to_us) return;
    const middle = (start_us + Math.min(end_us, start_us + this.span_us)) / 2;
    this.show(middle - this.span_us / 2, this.span_us);
  }

  /** Round numbers in view, in seconds, about so many, and how far they are apart. */
  ticks(about: number): { step: number; at: number[] } {
    const { from_us, to_us } = this.view;
    const step = roundUp(this.span_us / 1e6 / about, TICKS);
    const first = Math.ceil(from_us / 1e6 / step - 1e-6);
    const count = Math.floor(to_us / 1e6 / step + 1e-6) - first + 1;
    return { step, at: Array.from({ length: count }, (_, i) => (first + i) * step) };
  }
}
