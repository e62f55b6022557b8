/**
 * Stack traces that a learner can read: cells by their number, files by their path in the project,
 * lines and columns of the TypeScript source, and no frame of the kernel, of Node or of a package.
 */
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inlineMap, sourceMap } from './typescript-hook.cjs';

interface Position {
  readonly line: number;
  readonly column: number;
}

/** Cells by name: the maps from the code that runs to the source, outermost first. */
const cells = new Map<string, SourceMap[]>();
const files = new Map<SourceMapPayload, SourceMap>();

/** Lines that tslab puts before the text of a cell. */
const CELL_PREFIX_LINES = 1;

/**
 * Stores the source maps at the end of a cell's compiled texts. The text that was compiled last
 * comes first.
 */
export function registerCell(name: string, compiled: readonly string[]): void {
  const maps = compiled.map(inlineMap).filter((map): map is SourceMapPayload => map !== undefined);
  cells.set(name, maps.map((map) => new SourceMap(map)));
}

/** A position (from 1) in compiled code as one in its source. */
function original(map: SourceMap, { line, column }: Position): Position {
  const entry = map.findEntry(line - 1, column - 1);
  if (!('originalLine' in entry)) return { line, column };
  return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

/** The place of a frame in its source; undefined if it is not the learner's code. */
function place(file: string, position: Position, root: string): string | undefined {
  const maps = cells.get(file);
  if (maps) {
    const { line, column } = maps.reduce((at, map) => original(map, at), position);
    return `${file}, line ${Math.max(1, line - CELL_PREFIX_LINES)}, column ${column}`;
  }
  const full = file.startsWith('file:') ? fileURLToPath(file) : file;
  if (!path.isAbsolute(full) || full.startsWith(__dirname) || /[\\/]node_modules[\\/]/.test(full))
    return undefined;
  const payload = sourceMap(full);
  if (payload && !files.has(payload)) files.set(payload, new SourceMap(payload));
  const map = payload && files.get(payload);
  const { line, column } = map ? original(map, position) : position;
  return `${path.relative(root, full).replaceAll('\\', '/')}:${line}:${column}`;
}

/** One line of a trace; undefined for a frame that is not the learner's code. */
function frame(site: NodeJS.CallSite, root: string): string | undefined {
  const file = site.getFileName();
  const at = file
    && place(file, { line: site.getLineNumber() ?? 1, column: site.getColumnNumber() ?? 1 }, root);
  if (!at) return undefined;
  const type = site.isConstructor()
    ? 'new '
    : site.isToplevel() || !site.getTypeName()
    ? ''
    : `${site.getTypeName()}.`;
  const name = site.getFunctionName()?.replace(/^exports\./, '');
  const awaited = site.isAsync() ? 'async ' : '';
  return `    at ${awaited}${name ? `${name.includes('.') ? '' : type}${name} (${at})` : at}`;
}

/** From now on `error.stack` of every error is written this way. */
export function readableStacks(root: string): void {
  // The frames of packages are dropped later, but count here; the limit must leave room for the
  // cell's.
  Error.stackTraceLimit = 60;
  Error.prepareStackTrace = (error, sites) => {
    const frames = sites.map((site) => frame(site, root)).filter((line): line is string =>
      line !== undefined
    );
    return [headline(error), ...frames].join('\n');
  };
}

/** `Name: message`, as V8 writes it. */
function headline(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}
