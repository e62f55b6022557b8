/** The shape that every notebook of the course has, and what its outputs must hold. */
import { PLOTLY } from '../../../plots/show';
import { type Cell, type CodeCell, hasTag, isCode, type Notebook, type Output, type Text,
  textOf } from '../../notebooks/notebook';
import { parseParameters } from '../../notebooks/read-parameters';
import type { Finding } from '../finding';

/** The most code cells in a row: more of them would read like a script and not like a lesson. */
const maxCodeInARow = 4;

/** The most words of prose in a text cell: longer ones are read less. */
const mostWords = 70;

/** Bytes of JSON: what the live form of a plot may take, and those of a notebook together. */
const [mostOfPlot, mostOfPlots] = [100_000, 200_000];

/** What the card at the head of a notebook must contain. */
const cardTells = [/^# /m, /you will be able to/i, /before you start/i, /minutes/i];

/** The broken rules in a notebook's cells and outputs, except those for code and prose. */
export function structureFindings(file: string, { cells }: Notebook): Finding[] {
  const at = (cell: Cell | undefined, message: string): Finding => ({ file,
    cell: cell?.id ?? '(none)', message });
  const all = (found: (cell: Cell, index: number) => string[]): Finding[] =>
    cells.flatMap((cell, i) => found(cell, i).map((message) => at(cell, message)));

  const [first] = cells;
  const card = first?.cell_type === 'markdown' ? textOf(first.source) : '';
  const missing = cardTells.filter((pattern) => !pattern.test(card));
  const tagged = cells.filter((cell) => hasTag(cell, 'parameters')).filter(isCode);
  return [
    ...sizeTrouble(cells).map((message) => at(first, message)),
    ...missing.map((pattern) => at(first, `the card at the head lacks ${pattern.source}`)),
    ...(tagged.length === 1
      ? tagged.flatMap((cell) => parametersTrouble(cell).map((message) => at(cell, message)))
      : [at(first, `there must be one code cell tagged "parameters", got ${tagged.length}`)]),
    ...all((cell, i) => idTrouble(cell, cells.slice(0, i))),
    ...all((
      _,
      i,
    ) => (startsLongRun(cells, i) ? [`more than ${maxCodeInARow} code cells in a row`] : [])),
    ...all((cell) => (isCode(cell) ? outputTrouble(cell) : imageTrouble(textOf(cell.source)))),
    ...all((cell) => (isCode(cell) ? [] : lengthTrouble(textOf(cell.source)))),
  ];
}

/** Programs read the declarations, and papermill's assignments expect the name `p`. */
function parametersTrouble({ source }: CodeCell): string[] {
  try {
    const { variable, all } = parseParameters(textOf(source));
    const silent = Object.keys(all).filter((name) => !/^[A-Z\d].*\.$/.test(all[name]!.about));
    return [
      ...(variable === 'p' ? [] : [`the parameters must be called p, got ${variable}`]),
      ...silent.map((name) => `the parameter ${name} lacks a sentence on what to expect`),
    ];
  } catch (error) {
    return [(error as Error).message];
  }
}

function idTrouble({ id }: Cell, before: readonly Cell[]): string[] {
  const found: string[] = [];
  const readable = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) && !/^[0-9a-f]{8}(-|$)/.test(id);
  if (!readable) found.push(`the id "${id}" should be words in lower case with hyphens`);
  if (before.some((cell) => cell.id === id)) found.push(`the id "${id}" is used twice`);
  return found;
}

function startsLongRun(cells: readonly Cell[], index: number): boolean {
  const next = cells.slice(index, index + maxCodeInARow + 1);
  const before = cells[index - 1];
  return next.length > maxCodeInARow && next.every(isCode) && !(before && isCode(before));
}

function outputTrouble({ outputs }: CodeCell): string[] {
  return outputs.flatMap((output) => {
    if (output.output_type === 'error')
      return [`it ends in an error: ${output.ename}: ${output.evalue}`];
    if (output.output_type === 'stream')
      return output.name === 'stderr'
        ? ['it writes to stderr']
        : [];
    if (!(PLOTLY in output.data)) return [];
    const summary = textOf((output.data['text/plain'] ?? '') as Text).trim();
    return [
      ...(output.data['image/png'] ? [] : ['a plot has no still picture: run "npm run notebooks"']),
      ...(summary ? [] : ['a plot has no summary in words']),
      ...(sizeOf(output) > mostOfPlot
        ? [`a plot takes ${sizeOf(output)} bytes, at most ${mostOfPlot}`]
        : []),
    ];
  });
}

/** Bytes of the live form of a plot; 0 for any other output. */
function sizeOf(output: Output): number {
  return 'data' in output && PLOTLY in output.data
    ? Buffer.byteLength(JSON.stringify(output.data[PLOTLY]))
    : 0;
}

function sizeTrouble(cells: readonly Cell[]): string[] {
  const sizes = cells.filter(isCode).flatMap(({ outputs }) => outputs.map(sizeOf));
  const sum = sizes.reduce((a, b) => a + b, 0);
  return sum > mostOfPlots ? [`its plots take ${sum} bytes, at most ${mostOfPlots}`] : [];
}

/** Tables, lists and the statements of exercises do not count: none of them reads as prose. */
function lengthTrouble(source: string): string[] {
  if (/^\*\*16\.\d\.\d /.test(source)) return [];
  const prose = source.split('\n').filter((line) => !/^(\||- )/.test(line)).join(' ');
  const words = prose.split(/\s+/).filter((word) => word !== '').length;
  return words > mostWords ? [`a text of ${words} words, at most ${mostWords}`] : [];
}

function imageTrouble(source: string): string[] {
  const images = [...source.matchAll(/!\[([^\]]*)\]\(/g)].map(([, alt = '']) => alt);
  const tags = [...source.matchAll(/<img\b[^>]*>/gi)].map(([tag]) =>
    /\balt="([^"]*)"/i.exec(tag)?.[1] ?? ''
  );
  return [...images, ...tags].filter((alt) => alt.trim() === '').map(() =>
    'an image has no alt text'
  );
}
