import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

const here = import.meta.dirname;
const entry = (path: string) => resolve(here, path);
/** What the bundled packages ask to be handed on with them. */
const license = { fileName: 'licences.md' };

/** The programs are CommonJS, in a package whose own files are modules; V8 keeps them compiled for the window. */
const programs: Plugin = {
  name: 'programs',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "commonjs" }\n' });
  },
  closeBundle() {
    // By itself: what the configuration imports is bundled, and would look for its files here.
    spawnSync(process.execPath, [entry('scripts/setup/codeCache.mjs')], { stdio: 'inherit' });
  },
};

export default defineConfig({
  main: {
    plugins: [programs],
    resolve: {
      alias: [
        { find: /^debug$/, replacement: entry('main/mesh/quiet.ts') },
        { find: /^(accepts|xmlhttprequest-ssl)$/, replacement: entry('main/mesh/unused.ts') },
      ],
    },
    build: {
      outDir: 'out/main',
      license,
      // The runtime may be Electron 33 or 45: build for the lower one's Node.
      target: 'node20.18',
      sourcemap: true,
      // With what they depend on: some hundred files to find and to open are half of a kiosk's start.
      externalizeDeps: false,
      rolldownOptions: {
        // It drives the bench's window, from the checkout.
        external: ['@playwright/test'],
        // One bundle per program; all but `window` and `codeCache` run under plain Node.
        input: {
          window: entry('main/window/index.ts'),
          codeCache: entry('main/window/makeCodeCache.ts'),
          kiosk: entry('main/kiosk/headless.ts'),
          client: entry('main/client/index.ts'),
          site: entry('main/site/index.ts'),
          verify: entry('main/signing/index.ts'),
          audit: entry('main/operator/auditProgram.ts'),
          backup: entry('main/operator/backupProgram.ts'),
          restore: entry('main/operator/restoreProgram.ts'),
          doctor: entry('main/operator/doctor/program.ts'),
          simulate: entry('main/simulator/index.ts'),
          bench: entry('bench/index.ts'),
          load: entry('bench/load.ts'),
          nemesis: entry('e2e/nemesis/index.ts'),
          fuzz: entry('e2e/fuzz/index.ts'),
        },
        // Without comments and white space, which are read at every start; names stay, for what is said of an error.
        output: {
          format: 'cjs',
          entryFileNames: ({ name }) => (name === 'window' ? '[name].cjs' : '[name].js'),
          chunkFileNames: 'chunks/[name]-[hash].js',
          minify: { mangle: false, compress: false },
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: 'node20.18',
      // A sandboxed preload script must be one CommonJS file.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: entry('preload/index.ts'), assistant: entry('preload/assistant.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      license,
      target: 'chrome130',
      minify: true,
      rolldownOptions: { input: { index: entry('renderer/index.html'), assistant: entry('renderer/assistant.html') } },
    },
  },
});
