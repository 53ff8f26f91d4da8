// The race page. Importing the host also sets `window.gilscope`, the page's public API.

import './host/index.ts';
import './elements/race-page.ts';
import './elements/theme-toggle.ts';
