import { type Core, nativeToken } from './host/index.ts';

/** Where the page runs, as far as that decides what can be run. */
export interface Environment {
  /** As the browser says, which can be wrong: the ceiling is measured. */
  cores: number;
  /** Why memory cannot be shared here, if it cannot. */
  unsharedReason: string | undefined;
  /** The native companion serves this page. */
  native: boolean;
}

export function environment(core: Core): Environment {
  return {
    cores: navigator.hardwareConcurrency || 1,
    unsharedReason: core.unsharedReason,
    native: nativeToken() !== undefined,
  };
}
