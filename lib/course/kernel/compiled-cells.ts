/**
 * Compiled cells, kept on disk. TypeScript needs seconds of processor time and hundreds of
 * megabytes for a notebook, and gives the same result as long as the cell, the declarations before
 * it, the library and the settings are the same: in a sweep, in tests, in a second run of a
 * notebook. Only cells without a type error are kept.
 *
 * They are in `.cache/cells`, in a folder for each state of what all of them depend on; the least
 * recently used of these folders are removed. With `COURSE_CELLS=off` none is kept or read:
 * assignments are graded so, because a cell of the grader may hold hidden inputs.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync,
  utimesSync } from 'node:fs';
import path from 'node:path';
import { writeWholeSync } from '../../base/write-file';
import type { CellConverter, Converted } from './converter';

/** How many states of the library have their cells kept. */
const STATES = 4;

/** What the types of a cell can depend on. */
const CODE = /\.(?:json|[cm]?[jt]sx?)$/;

/** What a text imports, and which of it is a file. */
const IMPORTED = /\b(?:from|import|require)\s*\(?\s*(['"`])([^'"`]*)\1/g;
const IS_PATH = /^(?:\.{1,2}(?:\/|$)|\/|[A-Za-z]:)/;
const REFERENCE = /^\s*\/\/\/\s*<reference/m;

/** A converter that is made when it is first needed, because no cell was found that is kept. */
export interface LazyConverter extends CellConverter {
  /** Whether cells are kept for the library as it is. */
  readonly hasCells: boolean;
  /** Makes it now, so that the first completion does not have to wait for it. */
  warm(): void;
}

/**
 * `create`'s converter for the cells of the working directory in the project at `root`, whose
 * results are kept. `versions` are those of what compiles.
 */
export function keepCompiled(
  root: string,
  versions: readonly string[],
  create: () => CellConverter,
): LazyConverter {
  let made: CellConverter | undefined;
  const converter = (): CellConverter => made ??= create();
  const keeps = process.env['COURSE_CELLS'] !== 'off' && hasOnlyOurPackages(root);
  const store = keeps ? new Store(root, versions) : undefined;
  return {
    convert(before, source) {
      const file = store?.fileOf(before, source);
      const kept = file === undefined ? undefined : read(file);
      if (kept) return kept;
      const converted = converter().convert(before, source);
      if (file !== undefined && converted.diagnostics.length === 0) write(file, converted);
      return converted;
    },
    inspect: (...cell) => converter().inspect(...cell),
    complete: (...cell) => converter().complete(...cell),
    addModule: (...module) => converter().addModule(...module),
    refresh: () => made?.refresh(),
    close: () => made?.close(),
    hasCells: store?.hasCells ?? false,
    warm: () => void converter(),
  };
}

/** Whether package-lock.json describes every package that a cell can import. */
function hasOnlyOurPackages(root: string): boolean {
  if (!existsSync(path.join(root, 'package-lock.json'))) return false;
  for (let folder = process.cwd(); folder !== root; folder = path.dirname(folder)) {
    if (folder === path.dirname(folder)) return false; // not inside the project
    if (existsSync(path.join(folder, 'node_modules'))) return false;
  }
  return true;
}

/** Where each compiled cell is kept. */
class Store {
  private readonly folder: string;
  private readonly settings: string;
  private readonly texts = new Map<string, { mtimeMs: number; size: number; hash: string }>();
  private readonly used = new Set<string>();

  constructor(private readonly root: string, versions: readonly string[]) {
    this.folder = path.join(root, '.cache', 'cells');
    const files = ['package-lock.json', 'tsconfig.json'].map((name) => textOf(root, name));
    this.settings = digest(
      process.version,
      ...versions,
      path.relative(root, process.cwd()),
      ...files,
    );
  }

  /** Undefined if the cell depends on files besides those of the library. */
  fileOf(before: string, source: string): string | undefined {
    const known = ['lib', 'node_modules'].map((name) => path.join(this.root, name) + path.sep);
    for (const text of [before, source]) {
      if (REFERENCE.test(text)) return undefined;
      for (const [, , name = ''] of text.matchAll(IMPORTED)) {
        const file = path.resolve(name) + path.sep;
        if (IS_PATH.test(name) && !known.some((folder) => file.startsWith(folder)))
          return undefined;
      }
    }
    const state = this.state();
    this.use(state);
    return path.join(state, `${digest(before, source)}.json`);
  }

  get hasCells(): boolean {
    return existsSync(this.state());
  }

  /** The folder for the library as it is. */
  private state(): string {
    return path.join(this.folder, digest(this.settings, ...this.library()));
  }

  /** A checksum for each file of the library's code; those that have changed are read again. */
  private library(): string[] {
    const lib = path.join(this.root, 'lib');
    if (!existsSync(lib)) return [];
    return codeFiles(lib).sort().map((name) => {
      const file = statSync(path.join(lib, name), { throwIfNoEntry: false });
      if (!file) return ''; // removed since, or a link to nothing
      const { mtimeMs, size } = file;
      const known = this.texts.get(name);
      if (known?.mtimeMs === mtimeMs && known.size === size) return known.hash;
      const hash = digest(name, textOf(lib, name));
      this.texts.set(name, { mtimeMs, size, hash });
      return hash;
    });
  }

  /** Notes that a state is in use, and removes those that were not for the longest time. */
  private use(state: string): void {
    if (this.used.has(state)) return;
    this.used.add(state);
    try {
      mkdirSync(state, { recursive: true });
      utimesSync(state, new Date(), new Date());
      const states = readdirSync(this.folder).map((name) => path.join(this.folder, name));
      const age = new Map(states.map((each) => [each, statSync(each).mtimeMs]));
      states.sort((a, b) => age.get(b)! - age.get(a)!);
      for (const old of states.slice(STATES)) rmSync(old, { recursive: true, force: true });
    } catch {
      // A protected folder, or another kernel that removes the same: the cells are compiled.
    }
  }
}

/** The files of code below `folder`, relative to it. */
function codeFiles(folder: string): string[] {
  // with types, because Node's own recursive list needs a stat for every entry
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory()) return CODE.test(entry.name) ? [entry.name] : [];
    return codeFiles(path.join(folder, entry.name)).map((name) => path.join(entry.name, name));
  });
}

function read(file: string): Converted | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Converted;
  } catch {
    return undefined; // not there, or cut off
  }
}

function write(file: string, converted: Converted): void {
  try {
    writeWholeSync(file, JSON.stringify(converted));
  } catch {
    // A full disk or a protected folder: the next kernel compiles the cell again.
  }
}

const textOf = (folder: string, name: string): string => {
  const file = path.join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

function digest(...texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}\0${text}`);
  return hash.digest('hex').slice(0, 32);
}
