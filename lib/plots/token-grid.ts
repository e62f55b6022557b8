import { axis, buildFigure, checkCount, checkKnown, type Figure, greatest, type Known,
  type Spec } from './figure';
import { markup } from './markup';
import { palette } from './palette';

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
  const { rowLabels, xTitle, height = 130 + 34 * rows.length } = options;
  checkCount('row labels', rowLabels.length, rows.length, 'row');
  const columns = greatest(rows.map((row) => row.length), 1);
  const letters = greatest(rows.flatMap((row) => row.map(({ text }) => text.length)), 1);
  // the longest word fits its cell
  const size = Math.min(12, Math.max(7, Math.floor(1100 / columns / letters)));
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
      marker: { color: colors[kind] },
      text: own.map(({ text }) => markup(text)),
      textposition: 'inside',
      insidetextanchor: 'middle',
      textangle: 0,
      insidetextfont: { color: '#FFFFFF', size },
      constraintext: 'none',
      customdata: own.map(({ r, t }) => markup(`${rowLabels[r]}, position ${t}`)),
      hovertemplate: `%{text}: ${kind}, %{customdata}<extra></extra>`,
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
