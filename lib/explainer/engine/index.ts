/** The engine of the explainer: from a state to the plain data that its panels draw. */
export { computeBatch } from './batch';
export { computeBeam } from './beams';
export { computeCounter } from './counter';
export { computeDropout } from './dropout';
export { computeEightTokens } from './eight-tokens';
export { computeInference } from './inference';
export { computeAttended, computeContext } from './inside';
export { Models } from './models';
export { computeQuestion } from './questions';
export { computeRoads } from './roads';
export { computeTraining } from './training';
export type * from './views';
