// The reports of the last run in this tab, so that the page which compares can have them.

import type { Report } from './host/index.ts';
import type { Place } from './words.ts';

export const measured = new Map<Place, Report>();
