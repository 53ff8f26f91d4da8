import { defineConfig } from 'vitest/config';

// Apart from vite.config.ts, whose plugins are for the build of the site.
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    environment: 'node',
    pool: 'threads',
    // However busy the machine is.
    testTimeout: 120_000,
    // A test that replaces a global or the clock leaves none behind.
    unstubGlobals: true,
    restoreMocks: true,
    onConsoleLog: (text) => !text.includes('Lit is in dev mode'),
  },
});
