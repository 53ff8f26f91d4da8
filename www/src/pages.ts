// The pages that a link's fragment names: a lab with its experiment, or one of the others.

export type PageName = 'lab' | 'decide' | 'compare' | 'history' | 'recorded' | 'glossary';

export function pageOf(fragment: string): PageName {
  if (/^#(decide|history|glossary)$/.test(fragment)) return fragment.slice(1) as PageName;
  if (/^#compare(=|$)/.test(fragment)) return 'compare';
  return /^#history=|[#&]result=/.test(fragment) ? 'recorded' : 'lab';
}

/** A run of the history, shown. */
export const recordedLink = (id: number) => `#history=${id}`;
/** Runs of the history, compared. */
export const compareLink = (ids: readonly number[]) => `#compare=${ids.join(',')}`;

/** The runs of the history that such a link names. */
export function runsOf(fragment: string): number[] {
  const ids = /^#(?:history|compare)=([\d,]+)$/.exec(fragment)?.[1] ?? '';
  return ids.split(',').filter((id) => id !== '').map(Number);
}
