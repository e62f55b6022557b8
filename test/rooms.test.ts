/** The rooms of lib and who may know whom, read from the imports themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const LIB = join(__dirname, '..', 'lib');

/** Each room, in the order of the README's table, with those above it that it may import. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  tensor: [],
  text: ['tensor'],
  model: ['tensor', 'text'],
  training: ['tensor', 'text', 'model'],
  inference: ['tensor', 'text', 'model'],
  plots: [],
  exercises: ['tensor', 'text', 'model', 'training', 'inference', 'plots'],
  course: ['tensor', 'text', 'model', 'training', 'inference', 'plots', 'exercises'],
};

const sources = readdirSync(LIB, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(ts|mjs|cjs)$/.test(file) && !file.includes('assembly')) // that one is compiled whole
  .map((file) => join(LIB, file));

/** The files of lib that `file` imports or requires. */
function importsOf(file: string): string[] {
  const found = readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*'(\.[^']*)'/g);
  return [...found].map(([, path]) => resolve(file, '..', path!)).filter((path) => path.startsWith(LIB + sep));
}

const roomOf = (path: string): string => relative(LIB, path).split(sep)[0]!;

describe('the rooms of lib', () => {
  it('are those that are listed', () => {
    const rooms = readdirSync(LIB, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(rooms.sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  it.each(Object.entries(MAY_IMPORT))('%s imports only what stands above it: %j', (room, allowed) => {
    const wrong = sources.filter((file) => roomOf(file) === room).flatMap((file) => importsOf(file)
      .filter((path) => ![room, ...allowed].includes(roomOf(path)))
      .map((path) => `${relative(LIB, file)} imports ${relative(LIB, path)}`));
    expect(wrong).toEqual([]);
  });

  it('have no files that import each other in a circle, types aside', () => {
    const values = (file: string): string[] => {
      const text = readFileSync(file, 'utf8').replace(/^import type [^;]*;/gm, '');
      return [...text.matchAll(/\bfrom\s+'(\.[^']*)'/g)].map(([, path]) => `${resolve(file, '..', path!)}.ts`).filter((path) => sources.includes(path));
    };
    const done = new Set<string>();
    const visit = (file: string, way: readonly string[]): void => {
      if (way.includes(file)) throw new Error([...way.slice(way.indexOf(file)), file].map((each) => relative(LIB, each)).join(' → '));
      if (done.has(file)) return;
      for (const next of values(file)) visit(next, [...way, file]);
      done.add(file);
    };
    for (const file of sources) visit(file, []);
  });
});
