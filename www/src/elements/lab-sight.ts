// What a reader sees of a lab at first, beside what Run needs: the page's first part that wakes up.

import './lab-lanes.ts';
import './pick-up.ts';
import './round-choice.ts';
import './state-legend.ts';
import './tile-picture.ts';
import './timeline-tools.ts';
