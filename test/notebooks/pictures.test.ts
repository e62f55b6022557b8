import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../lib/course/setup/paths.mjs';

const folder = join(root, 'data', 'pictures');

interface Saved {
  cells: { id: string; outputs?: { data?: Record<string, string | string[]> }[] }[];
}

it('data/pictures/drift.png is the committed output of the cell that its README names', () => {
  const [, cell, notebook] = /cell `([\w-]+)` of \[.*\]\((.*\.ipynb)\)/.exec(
    readFileSync(join(folder, 'README.md'), 'utf8'),
  )!;
  const { cells } = JSON.parse(
    readFileSync(join(folder, notebook!), 'utf8'),
  ) as Saved;
  const png = cells.find(({ id }) => id === cell)!.outputs!.flatMap(({ data }) =>
    data?.['image/png'] ?? []
  ).join('');
  expect(
    readFileSync(join(folder, 'drift.png')).equals(Buffer.from(png, 'base64')),
  ).toBe(true);
});
