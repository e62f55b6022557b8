/**
 * Builds the explainer into a folder that any static server shows, and a double click on its
 * `index.html` too. Browsers refuse modules and `fetch` to a page of the disk, so all code is one
 * classic script, and each file of the library lies in a small script of its own.
 */
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'vite';
import { writeWholeSync } from '../../base/write-file';
import { LATER_FILES, PAGE_FILES, scriptOf } from '../../explainer/page/files';
import { cache, root } from '../setup/paths.mjs';
import { isCurrent } from './current';

const PAGE = join(root, 'lib', 'explainer', 'page');

/** Where `npm run explainer` keeps its build. */
export const EXPLAINER = join(cache, 'explainer');

/** Builds the page into `folder`; files of the same names there are replaced. */
export async function buildExplainer(folder: string): Promise<void> {
  await build({
    root: PAGE,
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2022',
      modulePreload: false,
      cssCodeSplit: false,
      chunkSizeWarningLimit: 2000,
      rollupOptions: {
        input: join(PAGE, 'main.tsx'),
        output: { format: 'iife', inlineDynamicImports: true, entryFileNames: 'explainer.js',
          assetFileNames: 'explainer[extname]' },
      },
    },
  });
  for (const path of [...PAGE_FILES, ...LATER_FILES]) {
    const script = join(folder, scriptOf(path));
    mkdirSync(dirname(script), { recursive: true });
    const content = readFileSync(join(root, path)).toString('base64');
    writeWholeSync(script, `explainerFile(${JSON.stringify(path)},"${content}")\n`);
  }
  copyFileSync(join(PAGE, 'index.html'), join(folder, 'index.html')); // last: see isCurrent
}

/** Builds the page of `npm run explainer` if it is missing or older than its sources. */
export async function buildIfNeeded(): Promise<void> {
  if (isCurrent(join(EXPLAINER, 'index.html'))) return;
  mkdirSync(EXPLAINER, { recursive: true });
  await buildExplainer(EXPLAINER);
}
