/**
 * Builds the explainer into a folder that any static server shows, and a double click on its
 * `index.html` too. Browsers refuse modules and `fetch` to a page of the disk, so all code is one
 * classic script, and each file of the library lies in a small script of its own.
 */
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build } from 'vite';
import { writeWholeSync } from '../../base/write-file';
import { LATER_FILES, PAGE_FILES, scriptOf } from '../../explainer/page/files';
import { root } from '../setup/paths.mjs';
import { scratch } from '../setup/scratch';
import { isCurrent } from './current';
import { EXPLAINER } from './server';

const PAGE = join(root, 'lib', 'explainer', 'page');

/** Builds the page into `folder`; files of the same names there are replaced. */
export async function buildExplainer(folder: string): Promise<void> {
  await build({
    root: PAGE,
    configFile: false,
    logLevel: 'warn',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2022',
      modulePreload: false,
      chunkSizeWarningLimit: 2000,
      // As a library: a page's loader of modules would be in the way of the classic script.
      lib: { entry: join(PAGE, 'main.tsx'), formats: ['iife'], name: 'explainer', fileName: () =>
        'explainer.js', cssFileName: 'explainer' },
      rollupOptions: { output: { inlineDynamicImports: true } },
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

/**
 * Builds the page of `npm run explainer` if it is missing or older than its sources. Several
 * processes may do so at once: the first that is ready puts its build in place, whole.
 */
export async function buildIfNeeded(): Promise<void> {
  const isBuilt = (): boolean => isCurrent(join(EXPLAINER, 'index.html'));
  if (isBuilt()) return;
  const own = scratch(basename(EXPLAINER)); // which removes what killed builds have left
  try {
    await buildExplainer(own);
    if (isBuilt()) return;
    rmSync(EXPLAINER, { recursive: true, force: true });
    renameSync(own, EXPLAINER);
  } finally {
    rmSync(own, { recursive: true, force: true, maxRetries: 5 });
  }
}
