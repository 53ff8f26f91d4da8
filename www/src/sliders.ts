// Fields that have a slider beside their number.

import type { Field } from './fields.ts';

export interface Slider {
  steps: number;
  toText: (step: number) => string;
  toStep: (value: number) => number;
}

/** The slider's range of the switch interval in milliseconds; the number field takes all that the core takes. */
const [SHORTEST_MS, LONGEST_MS] = [0.1, 100];
const INTERVAL_STEPS = 60;

export const SLIDERS: Readonly<Partial<Record<Field, Slider>>> = {
  'switch-interval': {
    steps: INTERVAL_STEPS,
    // Logarithmic, with two digits.
    toText: (step) => {
      const ms = SHORTEST_MS * (LONGEST_MS / SHORTEST_MS) ** (step / INTERVAL_STEPS);
      return String(Number(ms.toPrecision(2)));
    },
    toStep: (ms) =>
      ms > 0 ? Math.round((Math.log(ms / SHORTEST_MS) / Math.log(LONGEST_MS / SHORTEST_MS)) * INTERVAL_STEPS) : 0,
  },
  shared: { steps: 20, toText: (step) => String(step * 5), toStep: (percent) => Math.round(percent / 5) },
};
