/** Where the page of the explainer is built, and how it is served. */
import { join } from 'node:path';
import { preview } from 'vite';
import { PAGE } from '../../explainer/links';
import { cache } from '../setup/paths.mjs';

/** The port to which the links of the notebooks lead. */
export const EXPLAINER_PORT = Number(new URL(PAGE).port);

/** Where the build of the page is. */
export const EXPLAINER = join(cache, 'explainer');

interface ServeOptions {
  /** The first that is tried, or the only one; 0 for any. */
  port: number;
  folder?: string;
  open?: boolean;
  strictPort?: boolean;
  headers?: Record<string, string>;
}

/** Serves a built page on this machine alone. */
export async function servePage(
  { port, folder = EXPLAINER, open = false, strictPort = false, headers = {} }: ServeOptions,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = await preview({ root: folder, configFile: false, appType: 'mpa', logLevel: 'error',
    build: { outDir: folder }, preview: { host: '127.0.0.1', port, open, strictPort, headers } });
  return { url: String(server.resolvedUrls?.local[0]), close: () => server.close() };
}
