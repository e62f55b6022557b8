/** The engine of the explainer: from a state to the plain data that its panels draw. */
export { batchView } from './batch';
export { beamView } from './beams';
export { counterView } from './counter';
export { dropoutView } from './dropout';
export { eightTokensView } from './eight-tokens';
export { inferenceView } from './inference';
export { contextView } from './inside';
export { Models } from './models';
export { questionView } from './questions';
export { roadsView } from './roads';
export { trainingView } from './training';
export type * from './views';
