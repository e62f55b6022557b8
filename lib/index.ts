/**
 * The library's one entry point: everything that the notebooks and other users import. Each name is
 * documented where it is defined.
 */
export { mostProbable } from './base/numbers';
export { params } from './base/params';
export { EIGHT_TOKENS, PULL_REQUESTS } from './base/paths';
export { Random } from './base/random';
export { ready } from './tensor/backend';
export { tf } from './tensor/tf';
export { type Batch, packedBatches, shiftTargets, windowBatches } from './text/batches';
export { type Corpus, readCorpus } from './text/corpus';
export { padLeft, padRight } from './text/padding';
export { gpt2Tokenizer } from './files/gpt2-tokenizer';
export { loadTokenizer } from './files/hub';
export { saveModel } from './files/saved-model';
export { streamingDecoder } from './files/streaming-decoder';
export { saveTraining } from './files/training-files';
export type { GPTConfig, GPTOptions } from './model/config';
export { type ForwardOptions, GPT } from './model/gpt';
export { adamW, type AdamWOptions, type Optimizer } from './training/adamw';
export { train, type TrainingProgress, type TrainOptions } from './training/loop';
export { lossPerPosition, meanLoss } from './training/loss';
export { trainStep } from './training/step';
export { heldOut, heldOutBatches, type HeldOutEvaluation, heldOutLoss,
  type HeldOutOptions } from './runs/held-out';
export { loadTraining, type Training } from './runs/resume';
export { generate } from './inference/generate';
export { predictNext } from './inference/next-token';
export type { GenerateOptions, ProcessorOptions } from './inference/options';
export { nextTokenProbabilities } from './inference/processors';
export type { Generated } from './inference/request';
export { languageCorpus } from './language/language-corpus';
export { entropyFloor, exactLoss } from './language/entropy-floor';
export { language, wordTokenizer } from './language/little-language';
export { attentionOf, type AttentionView } from './experiments/attention-head';
export { bytesKept } from './experiments/bytes-kept';
export { eightTokenExample } from './experiments/eight-tokens';
export { compareWithTruth } from './experiments/exposure-bias';
export { hiddenStates } from './experiments/hidden-states';
export { inputGradients } from './experiments/input-gradients';
export { exactFillIn, type FillIn, type KeepOrder, maskPredict,
  modelFillIn } from './experiments/mask-predict';
export { maskedBatches } from './experiments/masked-batches';
export { type NumberFormat, roundTo, spacingAt } from './experiments/number-formats';
export { openCache, openForward, type OpenOptions,
  type PassCache } from './experiments/open-forward';
export { passCost } from './experiments/pass-cost';
export { type Pass, watchPasses } from './experiments/watch-passes';
export { SHIPPED_BUGS, type ShippedBug } from './experiments/shipped-bugs';
export { scheduledSampling } from './experiments/scheduled-sampling';
export { gradientsBothWays } from './experiments/serial-training';
export * as onePage from './experiments/gpt-on-one-page';
export { generateSpeculative } from './experiments/speculative';
export { serve, type ServerPass, type ServerRequest } from './experiments/serving-loop';
export * from './plots/index';
export { ask, mark, readAgain, report } from './exercises/self-test';
export { check, hint, progress, solution } from './exercises/check';
export { came, predict } from './exercises/predict';
export { suspectSampler } from './exercises/suspect-samplers';
export { exercisesOn } from './exercises/bug-exercises';
