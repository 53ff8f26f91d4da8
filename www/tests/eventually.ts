import { vi } from 'vitest';

/** Wait until a check holds. However busy the machine is, it takes not nearly as long. */
export function eventually(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 60_000, interval: 5 });
}
