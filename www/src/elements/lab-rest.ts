// What a reader sees of a lab once Run can be pressed, or needs as it runs. Loaded then, so that the page is there sooner:
// the elements are in the page already, and wake up.

import './all-settings.ts';
import './before-after.ts';
import './copy-button.ts';
import './kill-buttons.ts';
import './lab-controls.ts';
import './lab-text.ts';
import './next-question.ts';
import './pick-up.ts';
import './preset-list.ts';
import './round-choice.ts';
import './state-legend.ts';
import './tile-picture.ts';
import './timeline.ts';
import './timeline-tools.ts';
