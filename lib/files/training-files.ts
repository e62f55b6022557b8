/**
 * A training in a folder, so that it can go on later: the model as always, and beside it
 * `optimizer.safetensors`, the tokenizer, and `training.json` with everything else and with the
 * SHA-256 of each file. So a file that belongs to a different save is noticed.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { check, checkBoolean, checkInteger, checkNames } from '../base/checks';
import { Random, type RandomState } from '../base/random';
import { naming } from '../base/text-file';
import type { Pieces } from '../base/write-file';
import type { Tokenizer } from '../text/tokenizer';
import { readObject } from './json';
import { completeSave, CONFIG_FILE, type Files, jsonText, WEIGHTS_FILE,
  writeFiles } from './model-files';
import { SafetensorsFile, safetensorsParts, type StoredTensor } from './safetensors';
import { modelFiles, nameInModel, type SavedModel, type SavedWeight,
  weightParts } from './saved-model';
import { kindOf, TOKENIZER_FILE, TOKENIZER_KINDS, tokenizerFiles, tokenizerIn,
  type TokenizerKind } from './tokenizer-files';

const TRAINING_FILE = 'training.json';
const OPTIMIZER_FILE = 'optimizer.safetensors';
/** The best weights so far, under the names of `model.safetensors`. */
const BEST_FILE = 'best.safetensors';
/** The form of `training.json`: a greater number is one that this program does not know. */
const FORMAT = 1;
/** The two running means of AdamW, under PyTorch's names. */
const [MEAN, SQUARE] = ['exp_avg', 'exp_avg_sq'] as const;

/** What can be saved: {@link TrainingToSave}. */
const PARTS = ['model', 'optimizer', 'random', 'tokenizer', 'losses', 'evaluation'];

/** The parts of a model in training that are saved. */
interface ModelInTraining extends SavedModel {
  readonly training: boolean;
  /** The source of dropout masks. */
  readonly random: Random;
}

/** The parts of an optimizer that are saved. */
interface SavedOptimizer {
  readonly model: object;
  readonly learningRate: number;
  readonly settings: object;
  readonly steps: number;
  readonly moments: readonly { name: string; mean: SavedWeight; square: SavedWeight }[];
}

/** The mean loss on held-out text after so many steps, in nats a token. */
export interface Evaluated {
  readonly step: number;
  readonly loss: number;
}

/** What has been measured on held-out text. */
export interface EvaluationState {
  readonly history: readonly Evaluated[];
  /** The weights of the lowest of these losses, by name, if they are kept. */
  best?: ReadonlyMap<string, SavedWeight>;
}

/** What {@link saveTraining} saves. */
export interface TrainingToSave {
  /** The model, with the random numbers of its dropout. */
  model: ModelInTraining;
  /** Its optimizer: running means, number of steps, settings. */
  optimizer: SavedOptimizer;
  /** The generator that batches are sampled with. */
  random?: Random;
  /** One of the course's or of `loadTokenizer`. */
  tokenizer?: Tokenizer;
  /** The loss of each step so far, in nats a token. Default none. */
  losses?: readonly number[];
  /** Evaluations on held-out text so far, with the best weights: that of `heldOut`. */
  evaluation?: EvaluationState;
}

/**
 * Saves a training in `folder`, in place of the one that is there, so that `loadTraining` can go on
 * with it, with the same bits as without the stop. The model is saved as `model.save` does it. All
 * is read before the first `await`: training may go on while it is written. The old files are
 * replaced all at once; if this process is killed, the folder holds all old or all new ones.
 * @throws RangeError if the optimizer was made for a different model, or the tokenizer is
 *   neither one of the course's nor of `loadTokenizer`
 * @throws Error if `folder` cannot be written; what was there is then unchanged
 */
export async function saveTraining(folder: string, training: TrainingToSave): Promise<void> {
  checkNames('part', training, PARTS);
  const { model, optimizer, random, tokenizer, losses = [], evaluation } = training;
  if (optimizer.model !== model)
    throw new RangeError('the optimizer was made for a different model; save it with its own');
  check(random !== model.random, 'random', 'that of the batches, not the one of the model', random);
  checkLosses(losses);
  if (evaluation) checkHistory(evaluation.history);
  const { settings, learningRate, steps } = optimizer;
  const files: Files = {
    ...modelFiles(model),
    [OPTIMIZER_FILE]: safetensorsParts(momentTensors(optimizer)),
    ...(evaluation?.best && { [BEST_FILE]: weightParts(evaluation.best) }),
    ...(tokenizer && tokenizerFiles(tokenizer)),
  };
  const state = {
    format: FORMAT,
    settings: { ...settings, learningRate },
    steps,
    training: model.training,
    dropout: model.random.state,
    random: random?.state ?? null,
    tokenizer: (tokenizer && kindOf(tokenizer)) ?? null,
    losses,
    evaluations: evaluation?.history ?? null,
    sha256: Object.fromEntries(
      Object.entries(files).map(([name, parts]) => [name, sha256Of(parts)]),
    ),
  };
  await writeFiles(folder, { ...files, [TRAINING_FILE]: [jsonText(state)] });
}

function* momentTensors({ moments }: SavedOptimizer): Iterable<[string, StoredTensor]> {
  const stored = (weight: SavedWeight): StoredTensor => ({ shape: weight.shape,
    values: weight.dataSync() as Float32Array });
  for (const { name, mean, square } of moments) {
    yield [`${name}.${MEAN}`, stored(mean)];
    yield [`${name}.${SQUARE}`, stored(square)];
  }
}

/** What goes on as it was; what was not saved is undefined. */
export interface Resumed {
  /** The generator of the batches, with the numbers that come next. */
  random?: Random;
  tokenizer?: Tokenizer;
  /** The loss of each step so far. */
  losses: number[];
  /** The evaluations so far, with the best weights if they were kept. */
  evaluation?: EvaluationState;
}

/** A saved training, checked, before there is a model. */
export interface SavedTraining extends Resumed {
  /** Settings of the optimizer, and the steps that it has taken. */
  settings: object;
  steps: number;
  /** The model's mode, and the state of its dropout. */
  training: boolean;
  dropout: RandomState;
  /**
   * The running mean of a weight's gradient, and of its square.
   * @throws Error if the file has none of this name and shape
   */
  moments: (name: string, shape: readonly number[]) => { mean: Float32Array; square: Float32Array };
}

/** Whether `folder` holds a training; a save whose process was killed is completed first. */
export function holdsTraining(folder: string): boolean {
  if (existsSync(folder)) completeSave(folder);
  return existsSync(join(folder, TRAINING_FILE));
}

/**
 * Reads what {@link saveTraining} has written beside the model in `folder`, and checks that all
 * files, those of the model too, are of one save. A save whose process was killed while it moved
 * its files is completed first.
 * @throws Error that names the file and says what was wanted
 */
export async function readTraining(folder: string): Promise<SavedTraining> {
  const path = join(folder, TRAINING_FILE);
  if (!holdsTraining(folder))
    throw new Error(
      `${folder} holds no ${TRAINING_FILE}, which saveTraining writes beside a model`,
    );
  const json = await readObject(path);
  const { random, tokenizer, evaluations, sha256, ...state } = naming(path, () => checkState(json));
  for (const [name, sum] of Object.entries(sha256)) await checkFile(folder, name, sum);
  const read = tokenizer ? await tokenizerIn(folder, tokenizer) : undefined;
  const moments = await readMoments(join(folder, OPTIMIZER_FILE));
  const best = BEST_FILE in sha256 ? await readBest(join(folder, BEST_FILE)) : undefined;
  return naming(path, () => ({
    ...state,
    random: random ? generatorIn(random) : undefined,
    tokenizer: read,
    evaluation: evaluations ? { history: evaluations, best } : undefined,
    moments,
  }));
}

/** What `training.json` holds. */
interface State {
  settings: object;
  steps: number;
  training: boolean;
  dropout: RandomState;
  random: RandomState | null;
  tokenizer: TokenizerKind | null;
  losses: number[];
  evaluations?: EvaluationState['history'] | null;
  sha256: Record<string, string>;
}

function checkState(json: Record<string, unknown>): State {
  const { format, settings, steps, training, dropout, random, tokenizer, losses, sha256 } = json;
  const { evaluations = null } = json; // absent in a file of an older save
  check(format === FORMAT, 'format', `${FORMAT}: a training that saveTraining wrote`, format);
  for (const [name, value] of Object.entries({ settings, dropout, sha256, random: random ?? {} }))
    check(typeof value === 'object' && value !== null, name, 'a JSON object', value);
  checkInteger('steps', steps, { from: 0 });
  checkBoolean('training', training);
  const kinds = [null, ...TOKENIZER_KINDS];
  check(kinds.includes(tokenizer as null), 'tokenizer', kinds.join(', '), tokenizer);
  checkLosses(losses);
  if (evaluations !== null) checkHistory(evaluations);
  const wanted = [
    WEIGHTS_FILE,
    CONFIG_FILE,
    OPTIMIZER_FILE,
    ...(tokenizer ? [TOKENIZER_FILE] : []),
  ];
  const names = Object.keys(sha256 as object);
  const areFiles = wanted.every((name) => names.includes(name))
    && names.every((name) => /^\w[\w.-]*$/.test(name));
  check(areFiles, 'sha256', `the checksums of ${wanted.join(', ')}`, sha256);
  return { settings, steps, training, dropout, random, tokenizer, losses, evaluations,
    sha256 } as State;
}

function checkLosses(losses: unknown): void {
  const areNumbers = Array.isArray(losses) && losses.every(Number.isFinite);
  check(areNumbers, 'losses', 'a list of numbers, one for each step', losses);
}

function checkHistory(history: unknown): void {
  const isEvaluation = (each: unknown): boolean => {
    const { step, loss } = (each ?? {}) as Record<string, unknown>;
    return Number.isSafeInteger(step) && Number.isFinite(loss);
  };
  const areEvaluations = Array.isArray(history) && history.every(isEvaluation);
  check(areEvaluations, 'evaluations', 'a list of steps, each with its loss', history);
}

function generatorIn(state: RandomState): Random {
  const random = new Random(0);
  random.state = state;
  return random;
}

function sha256Of(parts: Pieces): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** Checks that a file is the one that was saved with `training.json`. */
async function checkFile(folder: string, name: string, sum: string): Promise<void> {
  if (!existsSync(join(folder, name)))
    throw new Error(`${folder} holds no ${name}, which was saved with ${TRAINING_FILE}`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(folder, name)), hash);
  if (hash.digest('hex') === sum) return;
  throw new Error(
    `${
      join(folder, name)
    } is not the file that was saved with ${TRAINING_FILE}: it was replaced or `
      + 'changed, or another process is saving there; a training needs all files of one save',
  );
}

async function readMoments(path: string): Promise<SavedTraining['moments']> {
  const stored = await readTensors(path);
  const numbers = (name: string, shape: readonly number[]): Float32Array => {
    const found = stored.get(name);
    if (found?.shape.join() === shape.join()) return found.values;
    throw new Error(`${path} must hold ${name} of the shape [${shape.join(', ')}]`);
  };
  return (name, shape) => ({ mean: numbers(`${name}.${MEAN}`, shape),
    square: numbers(`${name}.${SQUARE}`, shape) });
}

async function readBest(path: string): Promise<EvaluationState['best']> {
  const weights = [...await readTensors(path)].map(([name, { shape, values }]) =>
    [nameInModel(name), { shape, dataSync: () => values }] as const
  );
  return new Map(weights);
}

async function readTensors(path: string): Promise<Map<string, StoredTensor>> {
  const file = await SafetensorsFile.open(path);
  const stored = new Map<string, StoredTensor>();
  try {
    for (const [name, { shape }] of file.tensors)
      stored.set(name, { shape, values: await file.readFloat32(name) });
  } finally {
    await file.close();
  }
  return stored;
}
