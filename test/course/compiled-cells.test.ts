/** Compiled cells are kept, and never used where something that they depend on has changed. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync,
  truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keepCompiled } from '../../lib/course/kernel/compiled-cells';
import type { CellConverter, Converted } from '../../lib/course/kernel/converter';
import { root } from '../../lib/course/setup/paths.mjs';
import { errors, printed, Session, trace } from './kernel-session';

let folder: string;
const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'cells-')));
  for (const name of ['lib', 'notebooks']) mkdirSync(path.join(folder, name));
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json'])
    cpSync(path.join(root, name), path.join(folder, name));
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  write('lib/index.ts', 'export const one: number = 1;\n');
  vi.spyOn(process, 'cwd').mockReturnValue(path.join(folder, 'notebooks'));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const result = (output: string, errors = 0): Converted =>
  ({ output, diagnostics: Array.from({ length: errors }) }) as unknown as Converted;

/** What a new kernel gets for a cell, and how often it had to compile. */
function kernel(answer = result('compiled'), versions = ['1']) {
  const compiled: string[] = [];
  const converter = keepCompiled(
    folder,
    versions,
    () =>
      ({ convert: (_: string, source: string) => {
        compiled.push(source);
        return answer;
      } }) as unknown as CellConverter,
  );
  return { compiled, convert: (source: string, before = '') => converter.convert(before, source) };
}

/** How many kernels compile `source` if something happens between the two. */
function compiledAgain(source: string, between: () => void = () => undefined): boolean {
  kernel().convert(source);
  between();
  const second = kernel();
  expect(second.convert(source)).toEqual(result('compiled'));
  return second.compiled.length > 0;
}

const IMPORT = "import { one } from '../lib/index';";

it('a second kernel does not compile the same cell', () => {
  expect(compiledAgain(IMPORT)).toBe(false);
});

it.each([
  ['a file of the library changes', () => write('lib/index.ts', 'export const one = "one";\n')],
  ['a file of the library is new', () => write('lib/more.ts', '')],
  ['data that the library imports changes', () => write('lib/data.json', '{}')],
  ['the settings change', () => write('tsconfig.json', '{}')],
  ['the packages change', () => write('package-lock.json', '{}')],
  ['packages of its own are nearer', () => mkdirSync(path.join(folder, 'notebooks/node_modules'))],
  ['it is switched off', () => void vi.stubEnv('COURSE_CELLS', 'off')],
])('compiles again if %s', (_, between) => {
  expect(compiledAgain(IMPORT, between)).toBe(true);
});

it('compiles again for other declarations, another version or another folder', () => {
  kernel().convert(IMPORT);
  const others = kernel();
  others.convert(IMPORT, 'declare const x: number;');
  expect(others.compiled).toEqual([IMPORT]);
  const version = kernel(result('compiled'), ['2']);
  version.convert(IMPORT);
  expect(version.compiled).toEqual([IMPORT]);
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  const moved = kernel();
  moved.convert(IMPORT);
  expect(moved.compiled).toEqual([IMPORT]);
});

it.each([
  "import { mine } from './mine';",
  "const { mine } = await import('../mine');",
  "import mine = require('/tmp/mine');",
  'const mine = await import(`./mine`);',
  "let mine: import('./mine').Mine;",
  "/// <reference path='./mine.ts' />",
])('never keeps what depends on a file outside the library: %s', (source) => {
  expect(compiledAgain(source)).toBe(true);
});

it('keeps what depends on a folder of the library or a package', () => {
  expect(compiledAgain("let a: import('../lib').A, b: import('../node_modules/b/c').B;")).toBe(
    false,
  );
});

it('does not keep a cell with a type error', () => {
  const first = kernel(result('', 1));
  first.convert(IMPORT);
  const second = kernel(result('', 1));
  second.convert(IMPORT);
  expect([first, second].map(({ compiled }) => compiled)).toEqual([[IMPORT], [IMPORT]]);
});

it('compiles again where the kept text is cut off, or cannot be kept', () => {
  const cells = path.join(folder, '.cache', 'cells');
  const [state = ''] = (kernel().convert(IMPORT), readdirSync(cells));
  const [kept = ''] = readdirSync(path.join(cells, state));
  truncateSync(path.join(cells, state, kept), 5);
  expect(compiledAgain(IMPORT)).toBe(false); // the first of these two compiles, and keeps it
  rmSync(path.join(folder, '.cache'), { recursive: true });
  write('.cache', 'a file where a folder would be');
  expect(compiledAgain(IMPORT)).toBe(true);
});

it('removes the states that were not in use for the longest time', () => {
  for (let i = 0; i < 6; i++) {
    write('lib/index.ts', `export const one = ${i};\n`);
    kernel().convert(IMPORT);
  }
  expect(readdirSync(path.join(folder, '.cache', 'cells'))).toHaveLength(4);
  expect(compiledAgain(IMPORT)).toBe(false);
});

it('in real kernels: same outputs and names, and an edited library is compiled anew', async () => {
  vi.restoreAllMocks();
  const cells = [
    IMPORT,
    'const two = one + 1; function half(x: number) { return x / 2; }',
    'class A { #b = two; get b() { return this.#b; } }\nconst list = [1, 2].map((x) => x * two);',
    'for await (const x of [half(two), new A().b]) console.log(x);\n({ list, two })',
  ];
  const run = async (sources: readonly string[]): Promise<string> => {
    const session = await Session.start(path.join(folder, 'notebooks'));
    let all = '';
    for (const source of sources) {
      const ran = await session.run(source);
      all += printed(ran) + trace(ran) + errors(ran).map(({ evalue }) => evalue).join('');
    }
    await session.stop();
    return all;
  };
  const expected = '1\n2\n{ list: [ 2, 4 ], two: 2 }\n';
  expect(await run(cells)).toBe(expected);
  expect(await run(cells)).toBe(expected);
  // a cell that is new to the second kernel gets the names of those that were kept
  expect(await run([...cells.slice(0, 3), 'const text: string = half(two);'])).toContain(
    "Type 'number' is not assignable to type 'string'",
  );
  write('lib/index.ts', 'export const one: string = "1";\n');
  expect(await run([IMPORT, 'const text: number = one;'])).toContain(
    "Type 'string' is not assignable to type 'number'",
  );
}, 120_000);
