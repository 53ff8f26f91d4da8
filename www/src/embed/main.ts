// The frame of an embed. Its link has the experiment in its fragment, and the theme in its query.

import { showTheme } from './view.ts';

const theme = new URLSearchParams(location.search).get('theme');
if (theme === 'light' || theme === 'dark') showTheme(theme);
