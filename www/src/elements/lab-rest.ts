// What of a lab lies folded or further down: the part that wakes up last.

import './all-settings.ts';
import './before-after.ts';
import './copy-button.ts';
import './kill-buttons.ts';
import './lab-controls.ts';
import './lab-text.ts';
import './next-question.ts';
import './preset-list.ts';
