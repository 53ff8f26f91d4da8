// The pages that a link's fragment names: a lab with its experiment, or one of the others.

export type PageName = 'lab' | 'decide' | 'compare';

export function pageOf(fragment: string): PageName {
  if (fragment === '#decide') return 'decide';
  return fragment === '#compare' ? 'compare' : 'lab';
}
