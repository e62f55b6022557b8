/** The functions that draw plots in notebooks. */
export { bars } from './bars';
export { compare } from './compare';
export type { Figure } from './figure';
export { heatmap, type HeatmapOptions } from './heatmap';
export { histogram } from './histogram';
export { lines, type LineSeries } from './lines';
export { lossCurve } from './loss-curve';
export type { Role } from './palette';
export { record } from './record';
export { show } from './show';
export { showSource } from './show-source';
export { showTable } from './show-table';
export { row } from './side-by-side';
export { withSlider } from './slider';
export { type TokenCell, tokenGrid, type TokenKind } from './token-grid';
export { allToAll, type GenerationStep, oneToOne } from './two-modes';
