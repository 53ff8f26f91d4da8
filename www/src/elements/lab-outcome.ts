// All that is shown of a report. Loaded as the first run starts, so that the page itself stays light.

import './lab-charts.ts';
import './lab-results.ts';
import './time-spent.ts';
