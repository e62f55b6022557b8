import { expect, test } from 'vitest';
import { clean } from '../../lib/course/notebooks/clean';
import { compare, report } from '../../lib/course/notebooks/compare';
import { type CodeCell, type Notebook, notebookText,
  type Output } from '../../lib/course/notebooks/notebook';
import { PLOTLY } from '../../lib/plots/show';

function of(outputs: Output[], tags: string[] = []): Notebook {
  const cells: Notebook['cells'] = [
    { cell_type: 'code', id: 'measure', metadata: { tags }, source: 'x', execution_count: 1,
      outputs },
  ];
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

const print = (text: string): Output => ({ output_type: 'stream', name: 'stdout', text });
const plot = (y: number[], png = 'a'): Output => ({
  output_type: 'display_data',
  metadata: {},
  data: { [PLOTLY]: { data: y.map((value) => ({ y: [value] })), layout: {} }, 'image/png': png,
    'text/plain': 'sum' },
});

test('equal outputs are equal, whatever their still pictures', () => {
  expect(compare(of([print('a\n'), plot([1], 'a')]), of([print('a\n'), plot([1], 'b')]))).toEqual(
    [],
  );
});

test('the first line that differs is named, with its cell', () => {
  const differences = compare(of([print('a\nb\nc\n')]), of([print('a\nB\nC\n')]));
  expect(differences).toEqual([{ cell: 'measure', committed: 'b', now: 'B' }]);
  expect(report('16.3', differences)).toBe('16.3, cell measure:\n  committed: b\n  now:       B');
});

test('a plotted number that differs in its last bit is a difference', () => {
  expect(compare(of([plot([0.3])]), of([plot([0.1 + 0.2])]))).toHaveLength(1);
});

test('an output that is missing, or one too many, is a difference', () => {
  expect(compare(of([print('a')]), of([]))).toHaveLength(1);
  expect(compare(of([]), of([print('a')]))).toHaveLength(1);
});

test('a cell that was run again, or out of its order, is a difference', () => {
  const again = of([print('a')], ['timing']);
  Object.assign(again.cells[0] ?? {}, { execution_count: 7 });
  expect(compare(again, of([print('a')], ['timing']))).toEqual([{ cell: 'measure', committed: '[7]',
    now: '[1]' }]);
});

test('of a cell tagged timing only the kinds of outputs count', () => {
  const timed = (outputs: Output[]): Notebook => of(outputs, ['timing']);
  expect(compare(timed([print('3 ms\n'), plot([1])]), timed([print('5 ms\n'), plot([2])]))).toEqual(
    [],
  );
  expect(compare(timed([plot([1])]), timed([plot([1, 2])]))).toHaveLength(1);
  expect(compare(timed([plot([1])]), timed([print('x')]))).toHaveLength(1);
});

test('cleaning joins what was printed in pieces and drops the traces of one run', () => {
  const noisy = of([print('a'), print('b\n')]);
  const [cell] = noisy.cells;
  const traces = { execution: { 'iopub.status.busy': '2026' }, scrolled: true };
  if (cell) cell.metadata = { ...traces, tags: ['timing'] };
  noisy.metadata = { language_info: { name: 'typescript', version: '5.0.4' }, widgets: {} };
  const cleaned = clean(noisy);
  expect(cleaned.cells[0]).toMatchObject({ metadata: { tags: ['timing'] },
    outputs: [{ text: 'ab\n' }] });
  expect(notebookText(cleaned)).not.toMatch(/2026|5\.0\.4|scrolled|widgets/);
  expect(notebookText(clean(cleaned))).toBe(notebookText(cleaned));
});

test('a notebook is written as by JupyterLab: one space, sorted keys, lists of lines', () => {
  const [first, second, ...rest] = notebookText(clean(of([print('a\nb')]))).split('\n');
  expect([first, second]).toEqual(['{', ' "cells": [']);
  expect(rest.at(-1)).toBe('');
  const { cells } = JSON.parse(notebookText(of([print('a\nb')]))) as { cells: [CodeCell] };
  expect(cells[0].outputs).toEqual([{ name: 'stdout', output_type: 'stream', text: ['a\n', 'b'] }]);
});
