// The site. Importing the host also sets `window.gilscope`, the page's public API.

import './host/index.ts';
import './elements/lab-menu.ts';
import './elements/site.ts';
import './elements/theme-toggle.ts';
import { workOffline } from './offline.ts';

workOffline();
