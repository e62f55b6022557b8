/**
 * A training on a text of the reader's: it goes on where a saved one was, is saved as it goes, and
 * ends with the model in its folder.
 */
import { join } from 'node:path';
import { check, checkInteger } from '../../base/checks';
import { Random } from '../../base/random';
import { gpt2Tokenizer } from '../../files/gpt2-tokenizer';
import { saveModel } from '../../files/saved-model';
import { holdsTraining, saveTraining } from '../../files/training-files';
import { generate } from '../../inference/generate';
import { GPT } from '../../model/gpt';
import { heldOut, heldOutBatches, type HeldOutEvaluation } from '../../runs/held-out';
import { loadTraining, type Training } from '../../runs/resume';
import { type Batch, windowBatches } from '../../text/batches';
import { type Corpus, type Cut, readCorpus } from '../../text/corpus';
import { adamW } from '../../training/adamw';
import { train, type TrainingProgress } from '../../training/loop';
import { TRAINING_FOLDER, type Values } from './settings';

/** A training with its text. */
export interface OwnTraining extends Training {
  corpus: Corpus;
  random: Random;
  nextBatch: () => Batch;
  evaluation: HeldOutEvaluation;
}

/**
 * The training on the file `text` as it was saved in `folder`, or a new one.
 * @throws Error or RangeError if a file is not readable, or the text is too short for the settings
 */
export async function openTraining(
  folder: string,
  text: string,
  values: Values,
): Promise<OwnTraining> {
  const cut = values.tokenizer === 'gpt2' ? gpt2Tokenizer() : values.tokenizer as Cut;
  const corpus = readCorpus(text, cut, values['validation-share']);
  const shape = { batchSize: values['batch-size'], blockSize: values['n-positions'] };
  const training = holdsTraining(join(folder, TRAINING_FOLDER))
    ? await loadTraining(join(folder, TRAINING_FOLDER))
    : await newTraining(corpus, values);
  const { random = new Random(values.seed), losses, evaluation: from } = training;
  checkInteger('--steps', values.steps, { from: Math.max(1, losses.length) });
  const couldStop = values.patience === undefined || !from || from.best !== undefined;
  check(couldStop, '--patience', 'left out, as at the start of this training', values.patience);
  const nextBatch = windowBatches(corpus.train[0]!, { ...shape, random });
  const evaluation = heldOut({
    batches: heldOutBatches(corpus.validation[0]!, shape),
    evalSteps: values['eval-steps'],
    patience: values.patience,
    from,
  });
  return { ...training, random, corpus, nextBatch, evaluation };
}

async function newTraining({ tokenizer }: Corpus, values: Values): Promise<Training> {
  const { dropout } = values;
  const model = await GPT.create({
    nLayer: values['n-layer'],
    nHead: values['n-head'],
    nEmbd: values['n-embd'],
    nPositions: values['n-positions'],
    vocabSize: tokenizer.vocabSize,
    eosTokenId: tokenizer.eosTokenId,
    embdPdrop: dropout,
    attnPdrop: dropout,
    residPdrop: dropout,
  }, values.seed);
  const optimizer = adamW(model, {
    learningRate: values['learning-rate'],
    weightDecay: values['weight-decay'],
    maxGradNorm: values['max-grad-norm'],
  });
  return { model, optimizer, random: new Random(values.seed).fork('batches'), losses: [] };
}

/** What happens on the way. */
export interface Watching {
  signal: AbortSignal;
  onStep: (progress: TrainingProgress) => void;
  /** Called when the steps so far are on the disk. */
  onSave: (step: number) => void;
}

/**
 * Takes the steps that are left, and saves after every `save-steps`, at the end, and when it is
 * interrupted. Returns whether it came to its end; the model is then saved in `folder`.
 * @throws Error if a file cannot be written: what was saved before is then unchanged
 */
export async function goOn(
  folder: string,
  training: OwnTraining,
  values: Values,
  { signal, onStep, onSave }: Watching,
): Promise<boolean> {
  const { model, optimizer, random, corpus, nextBatch, evaluation } = training;
  const save = async (losses: readonly number[]): Promise<void> => {
    const { tokenizer } = corpus;
    await saveTraining(join(folder, TRAINING_FOLDER), { model, optimizer, random, tokenizer, losses,
      evaluation });
    onSave(losses.length);
  };
  try {
    training.losses = await train(model, nextBatch, {
      steps: values.steps,
      warmupSteps: values['warmup-steps'],
      decay: values.decay,
      losses: training.losses,
      optimizer,
      evaluation,
      signal,
      onStep: async (progress) => {
        onStep(progress);
        const { step, steps, losses } = progress;
        if (step % values['save-steps'] === 0 || step === steps) await save(losses);
      },
    });
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
    training.losses = Reflect.get(error as Error, 'losses') as number[];
    await save(training.losses);
    return false;
  }
  await saveModel(folder, model.eval(), corpus.tokenizer);
  return true;
}

/** A sample of the model: the text of `prompt`, or the first held-out words, and how it goes on. */
export async function sample(
  { model, corpus: { tokenizer, validation } }: OwnTraining,
  { prompt, seed }: { prompt?: string; seed: number },
): Promise<string> {
  const ids = prompt === undefined ? validation[0]!.slice(0, 8) : tokenizer.encode(prompt);
  const options = { maxNewTokens: 100, doSample: true, temperature: 0.8, seed,
    eosTokenId: tokenizer.eosTokenId };
  const { sequences } = await generate(model.eval(), [ids], options);
  return tokenizer.decode(sequences[0]!, { skipSpecialTokens: true });
}
