/** What the course and its users import. Each name is documented where it is defined. */
export { generate, type Generated } from './inference/generate';
export type { GenerateOptions, ProcessorOptions } from './inference/options';
export { nextTokenProbabilities } from './inference/processors';
export { GPT, type ForwardOptions } from './model/gpt';
export type { GPTConfig, GPTOptions } from './model/config';
export { ready } from './tensor/backend';
export { Random } from './tensor/random';
export { tf } from './tensor/tf';
export { packedBatches, shiftTargets, windowBatches, type Batch } from './text/batches';
export { languageCorpus, readCorpus, type Corpus } from './text/corpus';
export { entropyFloor, exactLoss } from './text/floor';
export { language, wordTokenizer } from './text/language';
export { padLeft, padRight } from './text/padding';
export { adamW, type AdamW, type AdamWOptions } from './training/adamw';
export { train, type Progress, type TrainOptions } from './training/loop';
export { lossPerPosition, meanLoss } from './training/loss';
export { trainStep } from './training/step';
