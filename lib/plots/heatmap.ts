import { axis, type Figure, figure, type FigureOptions, type Numbers, plain, sameLength,
  type Spec } from './figure';
import { palette } from './palette';
import { say } from './words';

export interface HeatmapOptions extends FigureOptions {
  /** One name for each row, from the top. */
  rowLabels: readonly string[];
  /** One name for each column. */
  columnLabels: readonly string[];
  /** Values on both sides of zero: white at zero, one colour for each side. */
  diverging?: boolean;
  /**
   * Ends of the colour scale; the least and the greatest value if left out. Diverging: the farther
   * one, on both sides.
   */
  range?: readonly [number, number];
  /** Write the values into the cells; the default is yes up to 12 rows and columns. */
  showValues?: boolean;
  /** Digits behind the point in the cells. */
  digits?: number;
}

/**
 * White at zero, so that it reads on either page: values below are blue, values above vermilion.
 */
const divergingScale = [[0, palette.training], [0.5, '#F7F7F7'], [1, palette.inference]];

/**
 * A matrix [rows, columns] as coloured cells, row 0 on top: masks, attention, gradients. `null`,
 * NaN and infinities are hidden cells: they stay empty, which is not the same as 0.
 * @throws RangeError if rows or columns are not as many as their labels
 */
export function heatmap(
  matrix: ArrayLike<Numbers | readonly (number | null)[]>,
  options: HeatmapOptions,
): Figure {
  const { rowLabels, columnLabels, digits = 2 } = options;
  const z = Array.from(
    matrix,
    (row) => plain(Array.from(row as ArrayLike<number | null>, (value) => value ?? NaN)),
  );
  sameLength('rows of the matrix', rowLabels.length, z.length);
  for (const row of z) sameLength('columns of the matrix', columnLabels.length, row.length);

  const cells = z.flatMap((row, r) => row.map((value, c) => ({ value, r, c }))).filter(hasValue);
  const reach = Math.max(
    ...(options.range ?? cells.map(({ value }) => value)).map(Math.abs),
    1e-12,
  );
  const range = options.diverging ? [-reach, reach] as const : options.range;
  const number = options.percent ? '.0%' : `.${digits}f`;
  const trace: Spec = {
    type: 'heatmap',
    z,
    x: columnLabels.map((_, i) => i),
    y: rowLabels.map((_, i) => i),
    customdata: rowLabels.map((row) => columnLabels.map((column) => `${row}, ${column}`)),
    hovertemplate: `%{customdata}: %{z:${options.percent ? '.2%' : '.4~g'}}<extra></extra>`,
    hoverongaps: false,
    colorscale: options.diverging ? divergingScale : 'Cividis',
    ...(range ? { zmin: range[0], zmax: range[1] } : {}),
    xgap: 1,
    ygap: 1,
    ...(options.showValues ?? Math.max(z.length, columnLabels.length) <= 12
      ? { texttemplate: `%{z:${number}}` }
      : {}),
    colorbar: { thickness: 12, outlinewidth: 0, ...(options.percent ? { tickformat: '.0%' } : {}) },
  };
  const names = (labels: readonly string[]): Spec => ({
    tickmode: 'array',
    tickvals: labels.map((_, i) => i),
    ticktext: [...labels],
    showgrid: false,
    zeroline: false,
  });
  return figure([trace], { ...options,
    height: options.height ?? 130 + 30 * Math.max(rowLabels.length, 6) }, {
    xaxis: axis(options.xTitle, names(columnLabels)),
    yaxis: axis(options.yTitle, { ...names(rowLabels), autorange: 'reversed' }),
  }, describe(cells, z.length * columnLabels.length, options));
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
    `${say(value, percent)} in row ${rowLabels[r]}, column ${columnLabels[c]}`;
  if (top.value === low.value)
    return `Every cell that is shown holds ${say(top.value, percent)}.${hidden}`;
  return `Largest: ${place(top)}; smallest: ${place(low)}.${hidden}`;
}
