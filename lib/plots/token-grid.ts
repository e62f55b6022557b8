import { axis, buildFigure, checkCount, checkKnown, type Figure, greatest, type Known,
  type Spec } from './figure';
import { markup } from './markup';
import { ink, pale, palette } from './palette';

/**
 * What a position of a batch holds: a token of the `prompt`, a `given` token in training, a
 * `generated` token, `padding`, or a position of a `finished` row, which is still computed although
 * that is wasted work.
 */
export type TokenKind = 'prompt' | 'given' | 'generated' | 'padding' | 'finished';

/** One token of a batch. */
export interface TokenCell {
  text: string;
  kind: TokenKind;
}

export interface TokenGridOptions {
  /** One name for each row, from the top. */
  rowLabels: readonly string[];
  xTitle: string;
  title?: string;
  summary?: string;
  height?: number;
}

const OPTIONS: Known<TokenGridOptions> = { rowLabels: true, xTitle: true, title: true,
  summary: true, height: true };

const colors: Record<TokenKind, string> = {
  padding: palette.padding,
  prompt: palette.prompt,
  given: palette.prompt,
  generated: palette.generated,
  finished: palette.wrong,
};

/**
 * A batch of texts as a picture (16.5): a row for each text, a coloured cell for each token, with
 * the token in it. Rows may differ in length: the end of a shorter one is empty.
 * @throws RangeError if there are not as many labels as rows, or for an unknown option
 */
export function tokenGrid(
  rows: readonly (readonly TokenCell[])[],
  options: TokenGridOptions,
): Figure {
  checkKnown('option', options, OPTIONS);
  const { rowLabels, xTitle } = options;
  checkCount('row labels', rowLabels.length, rows.length, 'row');
  const columns = greatest(rows.map((row) => row.length), 1);
  const letters = greatest(rows.flatMap((row) => row.map(({ text }) => text.length)), 1);
  const { size, perLine } = typeFor(columns, letters);
  const lines = greatest(
    rows.flatMap((row) => row.map(({ text }) => broken(text, perLine).length)),
    1,
  );
  const rowHeight = Math.max(34, 10 + 1.4 * size * lines);
  const height = options.height ?? 130 + rowHeight * rows.length;
  const cells = rows.flatMap((row, r) => row.map((cell, t) => ({ ...cell, r, t })));
  const kinds = (Object.keys(colors) as TokenKind[]).filter((kind) =>
    cells.some((cell) => cell.kind === kind)
  );
  const data = kinds.map((kind): Spec => {
    const own = cells.filter((cell) => cell.kind === kind);
    return {
      type: 'bar',
      orientation: 'h',
      name: kind,
      y: own.map(({ r }) => r),
      base: own.map(({ t }) => t - 0.47),
      x: own.map(() => 0.94),
      offset: -0.42,
      width: 0.84,
      marker: { color: pale(colors[kind]), line: { color: colors[kind], width: 2 } },
      text: own.map(({ text }) => broken(text, perLine).map(markup).join('<br>')),
      textposition: 'inside',
      insidetextanchor: 'middle',
      textangle: 0,
      insidetextfont: { color: ink, size },
      constraintext: 'none',
      customdata: own.map(({ text, r, t }) =>
        markup(`${text}: ${kind}, ${rowLabels[r]}, position ${t}`)
      ),
      hovertemplate: '%{customdata}<extra></extra>',
    };
  });
  const counts = kinds.map((kind) => `${kind} ${cells.filter((cell) => cell.kind === kind).length}`)
    .join(', ');
  return buildFigure(data, { ...options, yTitle: '', height }, {
    showlegend: true,
    xaxis: axis(xTitle, { dtick: 1, range: [-0.5, columns - 0.5], showgrid: false,
      zeroline: false }),
    yaxis: axis('', {
      tickmode: 'array',
      tickvals: rows.map((_, r) => r),
      ticktext: rowLabels.map(markup),
      showgrid: false,
      zeroline: false,
      range: [rows.length - 0.5, -0.5],
    }),
  }, `${rows.length} rows of up to ${columns} places. Cells: ${counts}.`);
}

/** The width of all cells in pixels, on a page of 760, and that of a letter at 1 pixel. */
const [allCells, letter] = [605, 0.55];
const smallest = 10;

/**
 * The type for words of up to `letters` in `columns` cells: the largest that takes each word in one
 * line, or the smallest one and lines of `perLine` letters. No letters where not even five fit.
 */
function typeFor(columns: number, letters: number): { size: number; perLine: number } {
  const size = Math.min(12, Math.floor(allCells / columns / letter / letters));
  if (size >= smallest) return { size, perLine: letters };
  const perLine = Math.floor(allCells / columns / letter / smallest);
  return { size: smallest, perLine: perLine < 5 ? Infinity : perLine };
}

/** A word in lines of equal length, with hyphens, of at most `perLine` letters each. */
function broken(word: string, perLine: number): string[] {
  const letters = Array.from(word);
  if (perLine === Infinity) return [''];
  if (letters.length <= perLine) return [word];
  const count = Math.ceil((letters.length - 1) / (perLine - 1)); // each but the last has a hyphen
  const size = Math.min(perLine - 1, Math.ceil(letters.length / count));
  return Array.from({ length: count }, (_, i) =>
    i < count - 1
      ? `${letters.slice(i * size, (i + 1) * size).join('')}-`
      : letters.slice(i * size).join(''));
}
