// The explanation and the Python listings of every lab, as they lie beside the lab in the core. Loaded when a
// reader comes near; Vite puts what belongs to one lab into one file (vite.config.ts).

import type { Model } from './host/index.ts';
import { MODELS } from './words.ts';

const TEXTS = import.meta.glob<string>('../../src/labs/*/text.md', { query: '?raw', import: 'default' });
const LISTINGS = import.meta.glob<string>('../../src/labs/*/*.py', { query: '?raw', import: 'default' });

export interface Listing {
  /** Its file's name without the ending: a model, or what else it shows. */
  name: string;
  code: string;
}

/** Where a lab's files lie. */
const folder = (lab: string) => `../../src/labs/${lab.replaceAll('-', '_')}/`;
const nameOf = (path: string) => path.replace(/^.*\/|\.py$/g, '');

/** Serial first, then the other models, then the rest. */
function rank(name: string): number {
  const model = MODELS.indexOf(name as Model);
  return model < 0 ? MODELS.length : model;
}

/** The explanation of a lab; empty where it has none. */
export async function textOf(lab: string): Promise<string> {
  return (await TEXTS[`${folder(lab)}text.md`]?.()) ?? '';
}

/** The same in Python. */
export async function listingsOf(lab: string): Promise<Listing[]> {
  const paths = Object.keys(LISTINGS).filter((path) => path.startsWith(folder(lab)));
  const listings = paths.map(async (path) => ({ name: nameOf(path), code: await LISTINGS[path]!() }));
  return (await Promise.all(listings)).sort((a, b) => rank(a.name) - rank(b.name) || a.name.localeCompare(b.name));
}
