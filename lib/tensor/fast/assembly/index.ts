/**
 * The kernels that TypeScript calls. They receive pointers into TensorFlow.js's memory and write
 * their results there.
 */
export { attach, attachMain, controlBytes, giveOwn, giveShared, leave, mostThreads, settle,
  wantsWorkers, work, workers } from './threads';
export { gemm, gemmOwn, gemmShared } from './gemm';
export { layerNorm, layerNormBack } from './norm';
export { gelu, geluBack } from './gelu';
export { attend, attendBack, attentionSpace } from './attention';
export { crossEntropy, crossEntropyBack, gatherRows, meanLoss, scatterRows } from './loss';
export { adamWTiles } from './adamw';
export { linearRows, linearRowsOwn, linearRowsShared } from './linear-rows';
export { dots, dotsShared } from './dots';
export { addRows, attendCached, attendCachedOwn, keepRows } from './cached-attention';
// Not for TypeScript: exported so that the compiler does not inline them into their only callers,
// where V8 no longer keeps their sums in registers.
export { fourRows } from './linear-rows';
export { fourByTwo } from './dots';
