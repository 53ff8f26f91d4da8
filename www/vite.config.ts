import { brotliCompressSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

// Shared memory needs them, in the development server too. `gilscope serve` sends its own.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Document-Isolation-Policy': 'isolate-and-require-corp',
};

/** Beside every asset its Brotli twin, at the best quality, which is too slow for the moment of a request. */
const brotliTwins: Plugin = {
  name: 'brotli-twins',
  apply: 'build',
  generateBundle(_, bundle) {
    for (const [fileName, output] of Object.entries(bundle)) {
      if (fileName.endsWith('.html')) continue;
      const source = brotliCompressSync(output.type === 'chunk' ? output.code : output.source);
      this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source });
    }
  },
};

export default defineConfig({
  plugins: [brotliTwins],
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
