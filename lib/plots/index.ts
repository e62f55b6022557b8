/** The functions that notebooks draw with. */
export { bars } from './bars';
export { heatmap } from './heatmap';
export { histogram } from './histogram';
export { lines } from './lines';
export { lossCurve } from './loss-curve';
export { show } from './show';
export { showTable } from './show-table';
export { row } from './side-by-side';
export { type TokenCell, tokenGrid } from './token-grid';
export { allToAll, oneToOne } from './two-modes';
