// Reports of this tab that the page which compares begins with: those of the last run, and one that was recorded and is
// to be held against it.

import type { ReportFile } from './elements/compare-files.ts';
import type { Report } from './host/index.ts';
import type { HostId } from './words.ts';

export const measured = new Map<HostId, Report>();

let recorded: ReportFile | undefined;

/** The recorded report that waits for a run to be compared with. */
export const waiting = (): ReportFile | undefined => recorded;

export function wait(file: ReportFile): void {
  recorded = file;
}
