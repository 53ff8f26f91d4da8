// What is made of reports. It is another build of the core, which measures nothing.

import init, {
  analyse,
  compactReport,
  compareReports,
  costExperiments,
  costsOf,
  decide,
  perfetto,
  readReport,
} from '../wasm/analysis.js';
import type { Case, Comparison, CostExperiment, Costs, Decision, Report } from '../wasm/analysis.js';
import { begun, compiled } from './module.ts';
import wasmUrl from '../wasm/analysis_bg.wasm?url';

/** What a page calls of the module that measures nothing. */
export interface Analysis {
  /** The report with what its lab makes of it: charts, and a verdict if its rule can be applied. */
  analyse(report: Report): Report;
  /** A report as JSON that is small enough for a link. */
  compactReport(report: Report): string;
  /** Read a report that was recorded: JSON, or an exported page. Throws why it is none. */
  readReport(text: string): Report;
  /** The report's trace as Trace Event JSON, which ui.perfetto.dev opens. */
  perfetto(report: Report): string;
  /** What to run, in this order, to learn what workers, messages and waits cost on this machine. */
  costExperiments(): CostExperiment[];
  /** What the reports of all of them tell of costs. */
  costsOf(reports: Report[]): Costs;
  /** The model that suits a case by these costs. */
  decide(of: Case, costs: Costs): Decision;
  /** Hold reports against the first of them; each text is JSON or an exported page. Throws what is wrong with which. */
  compare(files: { name: string; text: string }[]): Comparison;
}

export async function load(): Promise<Analysis> {
  await begun(init, await compiled(wasmUrl));
  return {
    // Labs read no trace, and it may be long.
    analyse: ({ trace, ...report }) => (trace ? { ...analyse(report), trace } : analyse(report)),
    compactReport,
    readReport,
    perfetto: (report) => perfetto(report.trace ?? []),
    costExperiments,
    costsOf,
    decide,
    compare: (files) =>
      compareReports(
        files.map(({ name }) => name),
        files.map(({ text }) => text),
      ),
  };
}
