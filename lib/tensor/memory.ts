/**
 * Memory for weights and what belongs to them. {@link variable} makes a variable whose numbers are
 * freed once nothing refers to it; {@link checkLayersFit} refuses a model that is too large before
 * any of it is made. The end of memory itself is the backend's, in fast/memory.ts.
 */
export { checkLayersFit, variable } from './fast/memory';
