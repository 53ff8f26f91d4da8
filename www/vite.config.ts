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
  enforce: 'post',
  generateBundle: {
    // Vite itself still changes chunks with dynamic imports in this hook.
    order: 'post',
    handler(_, bundle) {
      for (const [fileName, output] of Object.entries(bundle)) {
        if (fileName.endsWith('.html')) continue;
        const source = brotliCompressSync(output.type === 'chunk' ? output.code : output.source);
        this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source });
      }
    },
  },
};

const LAB_TEXT = /\/src\/labs\/([^/]+)\/[^/]+\?raw$/;
const labOf = (module: string) => `lab-${LAB_TEXT.exec(module)?.[1]}`;

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
    rolldownOptions: {
      output: {
        // The explanation and the listings of a lab are read together, so they are one file.
        codeSplitting: { groups: [{ name: labOf, test: LAB_TEXT }] },
      },
    },
  },
  worker: { format: 'es' },
  // Explanations and listings lie beside their labs, in the core.
  server: { headers, fs: { allow: ['..'] } },
  preview: { headers },
});
