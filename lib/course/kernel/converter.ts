/**
 * tslab's converter (a cell in TypeScript → JavaScript, and declarations for later cells), patched
 * in a few places.
 *
 * The patches replace parts of the text of one pinned version; any other text is refused at the
 * start. They change this: paths are relative to the folder of package.json, so that `../lib/x` can
 * be imported; the project's strict settings hold; imported files are not compiled here
 * (typescript-hook.cjs loads them); files are checked before each cell instead of being watched;
 * names of earlier cells are resolved correctly in `{ y }` and `({ a } = …)`.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import ts from '@tslab/typescript-for-tslab';
import type { Converter, ConvertResult } from 'tslab/dist/converter';
import { keepCompiled, type LazyConverter } from './compiled-cells';
import { compilerOptions, libraries } from './compiler-options';
import { declaredNames, transform } from './transform';
import { diagnose } from './typecheck';

/** The version of tslab that the texts below come from. */
export const TSLAB_VERSION = '1.0.22';

/** The files that the kernel relies on, each with the SHA-256 of its text. */
const PINNED: Record<string, string> = {
  'converter.js': '2c671708872c2ad7c36db9f703e5917571e73a62c4cf67f5abad0bd02c56b832',
  'jupyter.js': '186ae73149b280330d965b087933efa9eea51187f319f4163b44ae06327aef5f',
  'inspect.js': '93850c1aa51df5b9026407c1c9c504c3ea6a83b6271042777421f894d9308896',
};

const REPLACEMENTS: readonly (readonly [string, string])[] = [
  // The root is the folder of package.json, and not that of the notebook.
  [
    '    const outDir = "outDir";\n',
    '    const outDir = "outDir";\n    const root = options.root;\n',
  ],
  ['(outDir, "__tslab__.js")', '(outDir, path_1.default.relative(root, cwd), "__tslab__.js")'],
  ['(outDir, "__tslab__.d.ts")', '(outDir, path_1.default.relative(root, cwd), "__tslab__.d.ts")'],
  ['rootDir: cwd,', 'rootDir: root,'],
  [
    'path_1.default.relative(cwd, d.file.fileName)',
    'path_1.default.relative(root, d.file.fileName)',
  ],
  // The project's own settings, and source maps.
  ['lib: transpileLib.map((lib) => `lib.${lib}.d.ts`),', 'lib: options.libraries,'],
  [
    '        declaration: true,\n',
    '        ...options.compilerOptions,\n        declaration: true,\n',
  ],
  [
    '            target,\n            newLine',
    '            target,\n            inlineSourceMap: true,\n            newLine',
  ],
  [
    '            declOutput,\n            diagnostics',
    '            declOutput,\n            emitted: output,\n            diagnostics',
  ],
  // Only the cell is compiled here; typecheck.ts finds the type errors of what it imports.
  [
    'of getAllSrcDependencies(builder, srcFile)) {\n            if (sideI',
    'of [srcFilename]) {\n            if (sideI',
  ],
  [
    'getPreEmitDiagnosticsWithDependencies(builder, srcFile))',
    'options.diagnose(ts, builder.getProgram(), srcFile))',
  ],
  // The library is read at the start, so that its first import does not have to wait for that.
  [
    'new Set([declFilename, srcFilename]);',
    'new Set([declFilename, srcFilename, ...options.roots]);',
  ],
  // A plain program and not a builder, whose table of imports would take longer than the cell.
  ['}, sys, null, function', '}, sys, ts.createAbstractBuilder, function'],
  // Completion needs the links between nodes that a type checker makes.
  ['        builder = b;\n', '        builder = b;\n        b.getProgram().getTypeChecker();\n'],
  // One program for a cell instead of two: its names follow from its syntax.
  [
    `updateContent(prevDecl, src);
        let declsFile = builder.getSourceFile(declFilename);
        let srcFile = builder.getSourceFile(srcFilename);
        const locals = srcFile.locals;`,
    'let declsFile, srcFile;\n        const locals = options.names(ts, srcPrefix + src);',
  ],
  ['if (keys.size > 0) {', '{'],
  [
    'const suffix = "\\nexport {" + Array.from(keys).join(", ") + "}";',
    'const suffix = keys.size > 0 ? "\\nexport {" + Array.from(keys).join(", ") + "}" : "";',
  ],
  // No watchers: `options.watch` checks the files itself.
  ['ts.sys.watchFile(path, cb, pollingInterval)', 'options.watch(path, cb)'],
  [
    '    sys.writeFile = function',
    '    sys.watchDirectory = () => ({ close() { } });\n    sys.writeFile = function',
  ],
  // Names of earlier cells, and what makes a cell interruptible.
  [
    '            var _a, _b;\n            if (!ts.isIdentifier(node)) {',
    '            var _a, _b;\n'
    + '            const own =\n'
    + '                options.transform(ts, node, checker, declsFile, wrapPrevIdentifier);\n'
    + '            if (own)\n                return own;\n'
    + '            if (!ts.isIdentifier(node)) {',
  ],
  // Declarations also where a name has no exact one, as a class expression with private fields.
  [
    'builder.emit(builder.getSourceFile(dep), (',
    'builder.getProgram().emit(builder.getSourceFile(dep), (',
  ],
  [
    '                lastExpressionVar = name;\n            }));',
    '                lastExpressionVar = name;\n            }), true);',
  ],
  // A lone `for await` at the top of a cell.
  ['if (d.code !== 1308 ||', 'if ((d.code !== 1308 && d.code !== 1103) ||'],
];

/**
 * The result of the patched converter, with the first of its two compiled texts and its source map.
 */
export interface Converted extends ConvertResult {
  readonly emitted?: string;
}

export interface CellConverter extends Omit<Converter, 'convert'> {
  convert(previousDeclarations: string, source: string): Converted;
  /** Reads those imported files of the project again that have changed on disk. */
  refresh(): void;
}

/** A file of tslab. @throws Error if its text is not the pinned one */
function pinnedText(name: string): { file: string; text: string } {
  const file = require.resolve(`tslab/dist/${name}`);
  const text = readFileSync(file, 'utf8');
  const sum = createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
  if (sum !== PINNED[name]) {
    throw new Error(
      `tslab's ${name} is not that of tslab ${TSLAB_VERSION}, which the course needs: `
        + 'run `npm run setup`',
    );
  }
  return { file, text };
}

interface Patched {
  readonly createConverter: (options: Record<string, unknown>) => CellConverter;
}

/** Loads tslab's converter with its patches, under its own name, so that all of tslab uses it. */
function loadPatched(): Patched {
  for (const name of Object.keys(PINNED)) pinnedText(name);
  const { file, text } = pinnedText('converter.js');
  let patched = text.replaceAll('\r\n', '\n');
  for (const [old, replacement] of REPLACEMENTS) {
    const pieces = patched.split(old);
    if (pieces.length !== 2)
      throw new Error(`the kernel cannot patch tslab: it has "${old}" ${pieces.length - 1} times`);
    patched = pieces.join(replacement);
  }
  const module = new Module(file) as Module & { _compile(text: string, file: string): void };
  module.filename = file;
  module.paths = (Module as unknown as { _nodeModulePaths(from: string): string[] })
    ._nodeModulePaths(path.dirname(file));
  module._compile(patched, file);
  module.loaded = true;
  require.cache[file] = module;
  return module.exports as Patched;
}

type Changed = (file: string, kind: ts.FileWatcherEventKind) => void;

/** The parts of tslab that the kernel uses besides its converter. */
export interface Tslab {
  readonly isCompleteCode: typeof import('tslab/dist/converter').isCompleteCode;
  readonly printQuickInfo: typeof import('tslab/dist/inspect').printQuickInfo;
  /** tslab's own `display`, for cells that import tslab, calls `lastWriteDisplayData`. */
  readonly jupyter: { lastWriteDisplayData: unknown };
}

/** Loads parts of tslab. Call {@link createCellConverter} first: they use its patches. */
export function loadTslab(): Tslab {
  /* eslint-disable @typescript-eslint/no-require-imports -- an import would precede the patches */
  const { isCompleteCode } = require('tslab/dist/converter') as Tslab;
  const { printQuickInfo } = require('tslab/dist/inspect') as Tslab;
  const jupyter = require('tslab/dist/jupyter') as Tslab['jupyter'];
  /* eslint-enable @typescript-eslint/no-require-imports */
  return { isCompleteCode, printQuickInfo, jupyter };
}

/**
 * A converter for the notebooks of the working directory, in the project whose package.json is in
 * `root`; compiled-cells.ts keeps its results.
 * @throws Error if the installed tslab is not the pinned one
 */
export function createCellConverter(root: string): LazyConverter {
  const { createConverter } = loadPatched();
  const own = readdirSync(__dirname).filter((name) => name.endsWith('.ts')).sort()
    .map((name) => readFileSync(path.join(__dirname, name), 'utf8'));
  return keepCompiled(
    root,
    [ts.version, TSLAB_VERSION, ...own],
    () => watchingConverter(root, createConverter),
  );
}

function watchingConverter(
  root: string,
  createConverter: Patched['createConverter'],
): CellConverter {
  const watched = new Map<string, { changed: Changed; modified: number | undefined }>();
  const modified = (file: string): number | undefined => ts.sys.getModifiedTime?.(file)?.getTime();
  const watch = (file: string, changed: Changed): ts.FileWatcher => {
    if (!file.includes('/node_modules/')) watched.set(file, { changed, modified: modified(file) });
    return { close: () => {
      watched.delete(file);
    } };
  };
  const converter = createConverter({
    root: root.replaceAll('\\', '/'),
    compilerOptions: compilerOptions(ts, root),
    libraries: libraries(ts, root),
    roots: [`${root.replaceAll('\\', '/')}/lib/index.ts`].filter((file) => ts.sys.fileExists(file)),
    diagnose: diagnose(root),
    transform,
    names: declaredNames,
    watch,
  });
  return {
    ...converter,
    refresh() {
      for (const [file, entry] of [...watched]) {
        const now = modified(file);
        if (now === entry.modified) continue;
        entry.modified = now;
        entry.changed(
          file,
          now === undefined ? ts.FileWatcherEventKind.Deleted : ts.FileWatcherEventKind.Changed,
        );
      }
    },
  };
}
