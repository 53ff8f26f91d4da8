// The tutorial embeds the labs as any other site would. What its own reader chooses as theme, the labs take over.

import '../elements/theme-toggle.ts';
import '../embed/gilscope-lab.ts';
import { workOffline } from '../offline.ts';

addEventListener('gs-theme', () => {
  const theme = document.documentElement.dataset.theme ?? 'auto';
  for (const lab of document.querySelectorAll('gilscope-lab')) lab.setAttribute('theme', theme);
});

workOffline();
