/** What notebooks draw with. */
export { type BarOptions, bars, type BarSeries } from './bars';
export type { Figure, FigureOptions } from './figure';
export { heatmap, type HeatmapOptions } from './heatmap';
export { histogram } from './histogram';
export { type LineOptions, lines, type LineSeries } from './lines';
export { allToAll, oneToOne, type Step } from './modes';
export { palette, type Role } from './palette';
export { lossCurve } from './progress';
export { row } from './row';
export { show } from './show';
export { showTable } from './table';
export { type TokenCell, tokenGrid, type TokenGridOptions, type TokenKind } from './tokens';
