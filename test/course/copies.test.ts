import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCopies, renewCopy } from '../../lib/course/copies/working-copies.mjs';

const NAME = '16.0-first.ipynb';
let folder: string;
let from: string;
let to: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copies-'));
  [from, to] = [join(folder, 'notebooks'), join(folder, 'my-notebooks')];
  write(from, 'console.log(1);', ['1\n']);
});
afterEach(() => rmSync(folder, { recursive: true }));

interface File {
  cells: { source: string; outputs: unknown[]; execution_count: number | null }[];
  metadata: object;
}

function write(where: string, source: string, outputs: string[], metadata: object = {}): void {
  const cell = { cell_type: 'code', id: 'a', metadata: {}, source, execution_count: 3, outputs };
  const notebook = { cells: [cell], metadata, nbformat: 4, nbformat_minor: 5 };
  makeCopies(join(folder, 'none'), where); // makes the folder
  writeFileSync(join(where, NAME), JSON.stringify(notebook));
}

const read = (where: string, name = NAME): File =>
  JSON.parse(readFileSync(join(where, name), 'utf8')) as File;
const change = (where: string, source: string): void => {
  const notebook = read(where);
  notebook.cells[0]!.source = source;
  notebook.cells[0]!.outputs = ['mine'];
  writeFileSync(join(where, NAME), JSON.stringify(notebook));
};

describe('copies of the notebooks', () => {
  it('are made once, without outputs and counts, and say what they were made from', () => {
    expect(makeCopies(from, to)).toEqual({ made: [NAME],
      states: [{ name: NAME, broken: false, changed: false, newer: false }] });
    const [cell] = read(to).cells;
    expect(cell).toMatchObject({ source: 'console.log(1);', outputs: [], execution_count: null });
    expect(read(from).cells[0]).toMatchObject({ outputs: ['1\n'], execution_count: 3 });
    expect(makeCopies(from, to).made).toEqual([]);
    expect(readdirSync(to)).toEqual([NAME]); // nothing half-written is left
  });

  it('are changed by an edit of a cell, and not by running it', () => {
    makeCopies(from, to);
    change(to, 'console.log(1);');
    expect(makeCopies(from, to).states).toEqual([{ name: NAME, broken: false, changed: false,
      newer: false }]);
    change(to, 'console.log(2);');
    expect(makeCopies(from, to).states).toEqual([{ name: NAME, broken: false, changed: true,
      newer: false }]);
  });

  it('are never overwritten: a newer version is reported', () => {
    makeCopies(from, to);
    change(to, 'console.log("mine");');
    change(from, 'console.log("newer");');
    expect(makeCopies(from, to)).toEqual({ made: [],
      states: [{ name: NAME, broken: false, changed: true, newer: true }] });
    expect(read(to).cells[0]!.source).toBe('console.log("mine");');
  });

  it('are renewed with the old one beside the new one, each time under another name', () => {
    makeCopies(from, to);
    change(to, 'first');
    expect(renewCopy(NAME, from, to)).toBe(join(to, '16.0-first (mine 1).ipynb'));
    change(to, 'second');
    expect(renewCopy(NAME, from, to)).toBe(join(to, '16.0-first (mine 2).ipynb'));
    expect(read(to, '16.0-first (mine 1).ipynb').cells[0]!.source).toBe('first');
    expect(read(to, '16.0-first (mine 2).ipynb').cells[0]!.source).toBe('second');
    expect(makeCopies(from, to).states).toEqual([{ name: NAME, broken: false, changed: false,
      newer: false }]);
  });

  it('that cannot be read are reported by name, and stay', () => {
    makeCopies(from, to);
    writeFileSync(join(to, NAME), '{ cut off');
    expect(makeCopies(from, to).states).toMatchObject([{ name: NAME, broken: true }]);
    expect(readFileSync(join(to, NAME), 'utf8')).toBe('{ cut off');
  });
});
