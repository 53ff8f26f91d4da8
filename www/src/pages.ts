// The pages that a link's fragment names: a lab with its experiment, or one of the others.

export type PageName = 'lab' | 'decide' | 'compare' | 'glossary';

export function pageOf(fragment: string): PageName {
  const name = fragment.slice(1);
  return name === 'decide' || name === 'compare' || name === 'glossary' ? name : 'lab';
}
