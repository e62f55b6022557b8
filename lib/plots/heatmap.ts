import { axis, buildFigure, checkCount, checkKnown, type Figure, FIGURE_OPTIONS, type FigureOptions,
  greatest, type Known, type Numbers, plain, type Spec } from './figure';
import { markup, oneLine } from './markup';
import { cellInk, diverging, sequential } from './palette';
import { formatNumber } from './summary-words';

export interface HeatmapOptions extends FigureOptions {
  /** One name for each row, from the top. */
  rowLabels: readonly string[];
  /** One name for each column. */
  columnLabels: readonly string[];
  /** For values above and below zero: white at zero, violet below it, green above it. */
  diverging?: boolean;
  /**
   * Ends of the colour scale. Default: the smallest and the largest value. If diverging, the end
   * that is farther from zero is used for both sides.
   */
  range?: readonly [number, number];
  /** Write the values into the cells. Default: up to 12 rows and columns. */
  showValues?: boolean;
  /** Decimals in the cells. Default 2. */
  digits?: number;
  /** Draw the colour scale beside the cells; without it, the title says what the colours mean. */
  showScale?: boolean;
  /** The cells above the diagonal are masked: they are left empty, which is different from 0. */
  causal?: boolean;
}

const OPTIONS: Known<HeatmapOptions> = { ...FIGURE_OPTIONS, rowLabels: true, columnLabels: true,
  diverging: true, range: true, showValues: true, digits: true, causal: true, showScale: true };

/** Colours at equal distances, as Plotly takes them. */
const scale = (colors: readonly string[]): [number, string][] =>
  colors.map((color, i) => [i / (colors.length - 1), color]);

/**
 * A matrix [rows, columns] as coloured cells, row 0 on top: masks, attention, gradients. `null`,
 * NaN and infinities are hidden cells: they are empty, which is different from 0.
 * @throws RangeError if there are not as many labels as rows or columns, or for an unknown option
 */
export function heatmap(
  matrix: ArrayLike<Numbers | readonly (number | null)[]>,
  options: HeatmapOptions,
): Figure {
  checkKnown('option', options, OPTIONS);
  const { rowLabels, columnLabels, digits = 2 } = options;
  const z = Array.from(
    matrix,
    (row, r) =>
      plain(
        Array.from(
          row as ArrayLike<number | null>,
          (value, c) => options.causal && c > r ? NaN : value ?? NaN,
        ),
      ),
  );
  checkCount('rows', z.length, rowLabels.length, 'row label');
  for (const row of z) checkCount('columns', row.length, columnLabels.length, 'column label');

  const cells = z.flatMap((row, r) => row.map((value, c) => ({ value, r, c }))).filter(hasValue);
  const reach = greatest(
    (options.range ?? cells.map(({ value }) => value)).map(Math.abs),
    1e-12,
  );
  const range = options.diverging ? [-reach, reach] as const : options.range;
  const number = options.percent ? '.0%' : `.${digits}f`;
  const trace: Spec = {
    type: 'heatmap',
    z,
    x: columnLabels.map((_, i) => i),
    y: rowLabels.map((_, i) => i),
    customdata: rowLabels.map((row) => columnLabels.map((column) => markup(`${row}, ${column}`))),
    hovertemplate: `%{customdata}: %{z:${options.percent ? '.2%' : '.4~g'}}<extra></extra>`,
    hoverongaps: false,
    colorscale: scale(options.diverging ? diverging : sequential),
    ...(range ? { zmin: range[0], zmax: range[1] } : {}),
    ...(options.showScale === false ? { showscale: false } : {}),
    xgap: 1,
    ygap: 1,
    ...(options.showValues ?? Math.max(z.length, columnLabels.length) <= 12
      ? { texttemplate: `%{z:${number}}`, textfont: { color: cellInk, size: 11 } }
      : {}),
    colorbar: { thickness: 12, outlinewidth: 0, ...(options.percent ? { tickformat: '.0%' } : {}) },
  };
  const names = (labels: readonly string[]): Spec => ({
    tickmode: 'array',
    tickvals: labels.map((_, i) => i),
    ticktext: labels.map(markup),
    showgrid: false,
    zeroline: false,
  });
  return buildFigure([trace], { ...options,
    height: options.height ?? 130 + 30 * Math.max(rowLabels.length, 6) }, {
    xaxis: axis(options.xTitle, names(columnLabels)),
    yaxis: axis(options.yTitle, { ...names(rowLabels), autorange: 'reversed' }),
  }, oneLine(describe(cells, z.length * columnLabels.length, options)));
}

interface Cell {
  value: number;
  r: number;
  c: number;
}

function hasValue(cell: { value: number | null; r: number; c: number }): cell is Cell {
  return cell.value !== null;
}

function describe(
  cells: readonly Cell[],
  all: number,
  { rowLabels, columnLabels, percent }: HeatmapOptions,
): string {
  const hidden = all > cells.length ? ` ${all - cells.length} of ${all} cells are hidden.` : '';
  const [first] = cells;
  if (!first) return `All ${all} cells are hidden.`;
  const top = cells.reduce((best, cell) => (cell.value > best.value ? cell : best), first);
  const low = cells.reduce((best, cell) => (cell.value < best.value ? cell : best), first);
  const place = ({ value, r, c }: Cell): string =>
    `${formatNumber(value, percent)} in row ${rowLabels[r]}, column ${columnLabels[c]}`;
  if (top.value === low.value)
    return `Every cell that is shown holds ${formatNumber(top.value, percent)}.${hidden}`;
  return `Largest: ${place(top)}; smallest: ${place(low)}.${hidden}`;
}
