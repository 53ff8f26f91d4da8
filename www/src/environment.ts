import type { Core } from './host/index.ts';

/** Where the page runs, as far as that decides what can be run. */
export interface Environment {
  /** As the browser says, which can be wrong: the ceiling is measured. */
  cores: number;
  /** Why memory cannot be shared here, if it cannot. */
  unsharedReason: string | undefined;
}

export function environment(core: Core): Environment {
  return {
    cores: navigator.hardwareConcurrency || 1,
    unsharedReason: core.unsharedReason,
  };
}
