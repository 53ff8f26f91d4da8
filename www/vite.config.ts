import { defineConfig } from 'vite';

// The headers of facts.md: shared memory needs them in the development server too. `gilscope serve` sends its own.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Document-Isolation-Policy': 'isolate-and-require-corp',
};

export default defineConfig({
  // Relative, so that the site works under any path.
  base: './',
  build: {
    target: 'es2022',
    // `light-dark()` stays as written.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Nothing inline: the Content-Security-Policy allows files of this origin only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
  server: { headers },
  preview: { headers },
});
