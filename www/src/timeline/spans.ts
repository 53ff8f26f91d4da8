// What one lane of a timeline shows, as columns of numbers: a round may have 100,000 spans, and every frame looks at
// all that are in view. Arrays of plain numbers are as fast as typed ones, and can grow while a round is on.

/** Spans that touch: each ends where the next one begins, and the last one goes on. */
export class Spans {
  /** Where each span begins, in microseconds of the run's clock. */
  readonly at_us: number[] = [];
  /** What each span is, as its lane counts it. */
  readonly codes: number[] = [];

  get count(): number {
    return this.at_us.length;
  }

  /** Where a span ends, which is nowhere before `open_us` for the last one. */
  endOf(index: number, open_us: number): number {
    return this.at_us[index + 1] ?? open_us;
  }

  /** The span that is on at `us`; -1 before the first one. */
  indexAt(us: number): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at_us[middle]! <= us) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Keep only the first spans. */
  protected truncate(count: number): void {
    this.at_us.length = this.codes.length = count;
  }

  protected append(at_us: number, code: number): void {
    this.at_us.push(at_us);
    this.codes.push(code);
  }
}
