import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** The headers of every response, as hosts read them that have a file for it; `gilscope serve` sends the same. */
const headersOfAll = Object.fromEntries(
  readFileSync(new URL('public/_headers', import.meta.url), 'utf8')
    .split('\n\n')[0]!
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(': ') as [string, string]),
);
// Shared memory needs them, in the development server too, whose own scripts the Content-Security-Policy would forbid.
const isolating = Object.entries(headersOfAll).filter(([name]) => /^(Cross-Origin|Document-Isolation)-/.test(name));
const headers = Object.fromEntries(isolating);

/** Tells the service worker which files there are, in which version, and with which headers. */
const offline: Plugin = {
  name: 'offline',
  apply: 'build',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      const worker = bundle['sw.js'];
      if (worker?.type !== 'chunk') throw new Error('the service worker must be built to sw.js');
      const contents = Object.values(bundle).map((output) => (output.type === 'chunk' ? output.code : output.source));
      const hash = createHash('sha256');
      for (const content of contents) hash.update(content);
      const files = Object.keys(bundle).filter((name) => name !== 'sw.js' && name !== 'licenses.md');
      const build = { version: hash.digest('hex').slice(0, 12), files: [...files, 'favicon.svg'], headers: headersOfAll };
      worker.code = worker.code.replace(/(["'`])__BUILD__\1/, () => JSON.stringify(build));
    },
  },
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
  plugins: [offline, brotliTwins],
  // Relative, so that the site works under any path.
  base: './',
  build: {
    target: 'es2022',
    // `light-dark()` stays as written.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Nothing inline: the Content-Security-Policy allows files of this origin only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Of the packages that are part of the site.
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      input: {
        index: 'index.html',
        embed: 'embed.html',
        tutorial: 'tutorial.html',
        'gilscope-lab': 'src/embed/gilscope-lab.ts',
        sw: 'src/sw.ts',
      },
      output: {
        // Others' pages name the one, browsers compare the other under its name.
        entryFileNames: ({ name }) => (['gilscope-lab', 'sw'].includes(name) ? '[name].js' : 'assets/[name]-[hash].js'),
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
