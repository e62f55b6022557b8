/** The rooms of lib and what each may import, read from the imports themselves. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const LIB = join(__dirname, '..', 'lib');

/** Each room, in the order of the README's table, with those above it that it may import. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  base: [],
  tensor: ['base'],
  text: ['base'],
  files: ['base', 'text'],
  model: ['base', 'tensor', 'text', 'files'],
  training: ['base', 'tensor', 'text', 'model'],
  inference: ['base', 'tensor', 'text', 'model'],
  language: ['base', 'text'],
  experiments: ['base', 'tensor', 'text', 'model', 'training', 'inference', 'language'],
  plots: ['base'],
  exercises: ['base'],
  course: ['base', 'tensor', 'text', 'model', 'training', 'inference', 'language', 'plots'],
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
  .filter((file) => /\.(ts|mjs|cjs)$/.test(file))
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
    .map((path) => (existsSync(`${path}.ts`) ? `${path}.ts` : path)).filter((path) =>
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
