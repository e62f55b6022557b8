import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../lib/course/setup/paths.mjs';

const folder = join(root, 'data', 'pictures');

interface Saved {
  cells: { id: string; outputs?: { data?: Record<string, string | string[]> }[] }[];
}

it('the picture of README.md is the committed output of the cell that its own README names', () => {
  const [, picture, cell, notebook] =
    /`([\w-]+\.png)` is the output of the cell `([\w-]+)` of\s+\[.*\]\((.*\.ipynb)\)/
      .exec(readFileSync(join(folder, 'README.md'), 'utf8'))!;
  const { cells } = JSON.parse(
    readFileSync(join(folder, notebook!), 'utf8'),
  ) as Saved;
  const png = cells.find(({ id }) => id === cell)!.outputs!.flatMap(({ data }) =>
    data?.['image/png'] ?? []
  ).join('');
  expect(
    readFileSync(join(folder, picture!)).equals(Buffer.from(png, 'base64')),
  ).toBe(true);
  expect(readdirSync(folder).sort()).toEqual(['README.md', picture]);
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(`(data/pictures/${picture})`);
});
