/** The rooms of lib and what each may import, read from the imports themselves. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { Linter } from 'eslint';
import ts from 'typescript';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import * as door from '../lib/index';

const ROOT = join(__dirname, '..');
const LIB = join(ROOT, 'lib');

/** Each room, in the order of the README's table, with those above it that it may import. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  base: [],
  tensor: ['base'],
  text: ['base'],
  files: ['base', 'text'],
  model: ['base', 'tensor', 'text', 'files'],
  training: ['base', 'tensor', 'text', 'files', 'model'],
  runs: ['base', 'tensor', 'text', 'files', 'model', 'training'],
  inference: ['base', 'tensor', 'text', 'model'],
  language: ['base', 'text'],
  experiments: ['base', 'tensor', 'text', 'model', 'training', 'inference', 'language'],
  plots: ['base'],
  exercises: [
    'base',
    'tensor',
    'text',
    'model',
    'training',
    'inference',
    'language',
    'experiments',
  ],
  explainer: [
    'base',
    'tensor',
    'text',
    'model',
    'training',
    'inference',
    'language',
    'experiments',
    'plots',
  ],
  course: [
    'base',
    'tensor',
    'text',
    'files',
    'model',
    'training',
    'runs',
    'inference',
    'language',
    'plots',
    'exercises',
    'explainer',
  ],
};

/**
 * The one circle. A job names its kernel by a number, and whichever thread takes a tile looks the
 * function up in tiles.ts, which imports every kernel; every kernel imports threads.ts to start a
 * job. Passing the function itself would break the circle, but AssemblyScript keeps function
 * references in a data section, and the kernels have none: their memory belongs to TensorFlow.js.
 */
const CIRCLE = [
  join('tensor', 'fast', 'assembly', 'threads.ts'),
  join('tensor', 'fast', 'assembly', 'tiles.ts'),
];

const sources = readdirSync(LIB, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(tsx?|mjs|cjs)$/.test(file))
  .map((file) => join(LIB, file));

/**
 * The files of lib that `file` imports or requires; without those that it imports only types from,
 * if asked.
 */
function importsOf(file: string, { types }: { types: boolean }): string[] {
  const text = readFileSync(file, 'utf8');
  const read = types ? text : text.replace(/^(?:import|export) type [^;]*;/gm, '');
  const found = read.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*'(\.[^']*)'/g);
  return [...found].map(([, path]) => resolve(file, '..', path!)).filter((path) =>
    path.startsWith(LIB + sep)
  )
    .map((path) => [`${path}.ts`, `${path}.tsx`, path].find(existsSync) ?? path).filter((path) =>
      existsSync(path)
    );
}

const roomOf = (path: string): string => relative(LIB, path).split(sep)[0]!;

describe('the rooms of lib', () => {
  it('are those that are listed', () => {
    const rooms = readdirSync(LIB, { withFileTypes: true }).filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(rooms.sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  it('point one way: no room may import one that stands below it in the table', () => {
    const order = Object.keys(MAY_IMPORT);
    for (const [room, allowed] of Object.entries(MAY_IMPORT)) {
      for (const other of allowed)
        expect(order.indexOf(other), `${room} imports ${other}`).toBeLessThan(order.indexOf(room));
    }
  });

  it.each(Object.entries(MAY_IMPORT))('%s imports only %j', (room, allowed) => {
    const wrong = sources.filter((file) => roomOf(file) === room).flatMap((file) =>
      importsOf(file, { types: true })
        .filter((path) => ![room, ...allowed].includes(roomOf(path)))
        .map((path) => `${relative(LIB, file)} imports ${relative(LIB, path)}`)
    );
    expect(wrong).toEqual([]);
  });

  it('reach the kernels in tensor/fast only through tensor', () => {
    const fast = join(LIB, 'tensor', 'fast') + sep;
    const importers = (from: readonly string[]): string[] =>
      from.filter((file) => importsOf(file, { types: true }).some((path) => path.startsWith(fast)))
        .map((file) => relative(LIB, file));
    const isTensor = (file: string): boolean => roomOf(file) === 'tensor';
    expect(importers(sources.filter(isTensor))).toContain(join('tensor', 'ops.ts'));
    expect(importers(sources.filter((file) => !isTensor(file)))).toEqual([]);
  });

  it('leave the explainer to the programs that build it, serve it and time it', () => {
    const importers = sources.filter((file) => roomOf(file) !== 'explainer').filter((file) =>
      importsOf(file, { types: true }).some((path) => roomOf(path) === 'explainer')
    ).map((file) => relative(LIB, file).split(sep).slice(0, 2).join('/'));
    expect(importers).toContain('course/site');
    const others = importers.filter((name) => !['course/site', 'course/bench'].includes(name));
    expect(others).toEqual([]);
  });

  it('have no circle of imports, types and the one known circle aside', () => {
    const done = new Set<string>();
    const visit = (file: string, way: readonly string[]): void => {
      if (way.includes(file))
        throw new Error(
          [...way.slice(way.indexOf(file)), file].map((each) => relative(LIB, each)).join(' → '),
        );
      if (done.has(file)) return;
      const [from, to] = CIRCLE;
      const next = importsOf(file, { types: false }).filter((path) =>
        relative(LIB, file) !== from || relative(LIB, path) !== to
      );
      for (const other of next) visit(other, [...way, file]);
      done.add(file);
    };
    for (const file of sources) visit(file, []);
  });
});

/** How many lines hold code: comments and blank lines aside. */
function codeLines(file: string): number {
  const text = readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lines = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (node.getChildCount(source) === 0 && node.getWidth(source) > 0) {
      const [first, last] = [node.getStart(source), node.getEnd()].map((at) =>
        source.getLineAndCharacterOfPosition(at).line
      );
      for (let line = first!; line <= last!; line++) lines.add(line);
    }
    for (const child of node.getChildren(source)) if (!isDoc(child)) visit(child);
  };
  visit(source);
  return lines.size;
}

const isDoc = (node: ts.Node): boolean =>
  node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode;

describe('the size of lib', () => {
  const lines = new Map(sources.map((file) => [relative(LIB, file), codeLines(file)]));
  const sumOf = (belongs: (file: string) => boolean): number =>
    [...lines].reduce((total, [file, count]) => total + (belongs(file) ? count : 0), 0);
  const kernels = join('tensor', 'fast') + sep;

  it('counts code, and neither comments nor blank lines', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lines-'));
    const file = join(folder, 'x.ts');
    writeFileSync(file, '/** Doc.\n * More. */\n\nconst a = 1; // why\n// so\nconst b = `x\ny`;\n');
    expect(codeLines(file)).toBe(3);
    rmSync(folder, { recursive: true });
  });

  it('what a learner reads, kernels aside, is at most 1,500 lines', () => {
    const rooms = ['tensor', 'text', 'model', 'training', 'inference'];
    const total = sumOf((file) => rooms.includes(file.split(sep)[0]!) && !file.startsWith(kernels));
    expect(total).toBeGreaterThan(1000); // the files were found
    expect(total).toBeLessThanOrEqual(1500);
  });

  it('no room holds more than a quarter; of course and the tasks, each folder is a room', () => {
    const tasks = join('exercises', 'tasks') + sep;
    const depth = (file: string): number =>
      file.startsWith(tasks) ? 3 : file.startsWith('course') ? 2 : 1;
    const room = (file: string): string => file.split(sep).slice(0, depth(file)).join('/');
    const all = sumOf(() => true);
    const large = [...new Set([...lines.keys()].map(room))].filter((name) =>
      sumOf((file) => room(file) === name) > all / 4
    );
    expect(large).toEqual([]);
  });

  it('has no exported names, in all its files, that differ by case only', () => {
    const exported = sources.flatMap((file) =>
      [
        ...readFileSync(file, 'utf8').matchAll(
          /^export (?:async )?(?:abstract )?(?:const|function\*?|class|interface|type|let) (\w+)/gm,
        ),
      ].map(([, name]) => name!)
    );
    const spelt = new Map<string, Set<string>>();
    for (const name of exported) {
      const key = name.toLowerCase();
      spelt.set(key, (spelt.get(key) ?? new Set()).add(name));
    }
    const alike = [...spelt.values()].filter((names) => names.size > 1).map((names) => [...names]);
    expect(exported.length).toBeGreaterThan(100); // the exports were found
    expect(alike).toEqual([]);
  });
});

/** The rooms that run in Node and in a page of a browser: all but those of the course. */
const IN_BOTH = Object.keys(MAY_IMPORT).filter((room) => !['exercises', 'course'].includes(room));

/** Names that only Node has, or only a browser. */
const OF_ONE = [
  'process',
  'Buffer',
  'require',
  'module',
  '__dirname',
  '__filename',
  'global',
  'setImmediate',
  'window',
  'document',
  'navigator',
  'location',
  'self',
  'Worker',
];

describe('the one door to the platform, lib/base/platform', () => {
  /** Their files that name either, each with the file that a page takes in its place. */
  const BEHIND_THE_DOOR: Record<string, string | undefined> = {
    'base/kept-runs.ts': 'base/no-kept-runs.ts',
    'base/platform/node.ts': 'base/platform/browser.ts',
    'base/platform/browser.ts': undefined, // of a page alone, with its files
    'base/platform/page-files.ts': undefined,
    'base/write-file.ts': undefined, // only those below import it
    'files/hub-cache.ts': 'files/no-disk.ts',
    'files/hub-file.ts': undefined, // only hub-cache.ts imports it
    'files/model-files-on-disk.ts': 'files/no-disk.ts',
    'files/training-files.ts': 'files/no-disk.ts',
    'tensor/fast/build.ts': undefined, // the program that compiles the kernels
  };
  const linter = new Linter();
  const found = (text: string): string[] =>
    linter.verify(text, {
      languageOptions: { parser: tseslint.parser },
      rules: {
        'no-restricted-globals': ['error', { globals: OF_ONE, checkGlobalObject: true }],
        'no-restricted-imports': ['error', { patterns: [...builtinModules, 'node:*'] }],
      },
    }, { allowInlineConfig: false }).map(({ message }) => message);
  const files = sources.map((file) => relative(LIB, file).split(sep).join('/')).filter((file) =>
    IN_BOTH.includes(file.split('/')[0]!)
    && !['tensor/fast/assembly/', 'explainer/page/'].some((folder) => file.startsWith(folder))
  );

  it('is looked for in a way that finds what it must, and a name of our own is none', () => {
    const node = "import { join } from 'node:path';\nprocess.exit(Buffer.length);";
    expect(found(node)).toHaveLength(3);
    expect(found("import fs from 'fs'; typeof document; globalThis.window;")).toHaveLength(3);
    const own = "import { type Buffer } from './rows'; const f = (process: Buffer) => process;";
    expect(found(own)).toEqual([]);
  });

  it('is the only place that names Node or a browser', () => {
    expect(files.length).toBeGreaterThan(80);
    const naming = files.filter((file) => found(readFileSync(join(LIB, file), 'utf8')).length > 0);
    expect(naming.sort()).toEqual(Object.keys(BEHIND_THE_DOOR).sort());
  });

  it('gives a page a file of its own for each that names Node and is imported elsewhere', () => {
    const { browser } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      browser: Record<string, string>;
    };
    const replaced = Object.entries(BEHIND_THE_DOOR).filter(([, instead]) => instead).map((
      [file, instead],
    ) => [`./lib/${file.replace(/\.ts$/, '')}`, `./lib/${instead}`]);
    const given = Object.entries(browser).filter(([from]) => from.startsWith('./'));
    expect(given.sort()).toEqual(replaced.sort());
    const names = Object.keys(BEHIND_THE_DOOR);
    const importers = files.flatMap((file) =>
      importsOf(join(LIB, file), { types: false }).map((path) =>
        [file, relative(LIB, path).split(sep).join('/')] as const
      )
    ).filter(([file, path]) =>
      names.includes(path) && !BEHIND_THE_DOOR[path] && !names.includes(file)
    );
    expect(importers).toEqual([]);
  });
});

describe('the one door, lib/index.ts', () => {
  /** Names that no notebook imports; README explains them under "Your own text and model". */
  const DOCUMENTED = [
    'heldOutLoss',
    'loadTokenizer',
    'ready',
  ];

  /** The names that a source imports from the door. */
  const importsOf = (source: string): string[] =>
    [...source.matchAll(/import (?:type )?\{([^}]*)\} from '[^']*\/index'/g)].flatMap((match) =>
      match[1]!.split(',').map((name) => name.trim().replace(/^type /, '').split(' as ')[0]!)
    );

  const imported = (): Set<string> => {
    const cells = readdirSync(join(ROOT, 'notebooks')).filter((file) => file.endsWith('.ipynb'))
      .flatMap((file) =>
        (JSON.parse(readFileSync(join(ROOT, 'notebooks', file), 'utf8')) as {
          cells: { source: string[] }[];
        }).cells
      );
    const programs = ['data', join('lib', 'course')].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter((file) =>
        file.endsWith('.ts')
      ).map((file) => readFileSync(join(ROOT, folder, file), 'utf8'))
    );
    return new Set([...cells.map(({ source }) => source.join('')), ...programs].flatMap(importsOf));
  };

  it('exports nothing that neither a notebook nor a program nor a documented use needs', () => {
    const used = imported();
    const names = Object.keys(door);
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => !used.has(name) && !DOCUMENTED.includes(name))).toEqual([]);
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    expect(DOCUMENTED.filter((name) => !names.includes(name) || used.has(name))).toEqual([]);
    expect(DOCUMENTED.filter((name) => !readme.includes(`\`${name}`))).toEqual([]);
  });

  it('is what every notebook imports the library from', () => {
    const from = readdirSync(join(ROOT, 'notebooks')).filter((file) => file.endsWith('.ipynb'))
      .flatMap((
        file,
      ) => [...readFileSync(join(ROOT, 'notebooks', file), 'utf8').matchAll(/from '(\.[^']*)'/g)])
      .map(([, path]) => path);
    expect(from.length).toBeGreaterThanOrEqual(10);
    expect([...new Set(from)]).toEqual(['../lib/index']);
  });
});
