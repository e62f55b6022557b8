/** A model as the files that Hugging Face transformers writes for a GPT-2. */
import { platform } from '../base/platform';
import type { Pieces } from '../base/write-file';
import { readSettings, type Settings, settingsToJson } from './config-json';
import type { Tokenizer } from '../text/tokenizer';
import { CONFIG_FILE, type Files, jsonText, WEIGHTS_FILE, writeFiles } from './model-files';
import { safetensorsParts } from './safetensors';
import { tokenizerFiles } from './tokenizer-files';
import { weightFileNames, WeightFiles } from './weight-files';

/** In front of the names of all weights but the head's. */
const PREFIX = 'transformer.';
const HEAD = 'lm_head.weight';
/** Mask buffers in old checkpoints. They are ignored, because the causal mask is computed here. */
const MASK_BUFFER = /^h\.\d+\.attn\.(bias|masked_bias)$/;

/** A weight as TensorFlow.js holds it: float32 numbers in this shape. */
export interface SavedWeight {
  readonly shape: readonly number[];
  dataSync(): ArrayLike<number>;
}

/** The parts of a model that are saved. */
export interface SavedModel {
  readonly config: object;
  readonly parameters: ReadonlyMap<string, SavedWeight>;
}

/** `config.json` and `model.safetensors`. */
export function modelFiles({ config, parameters }: SavedModel): Files {
  return { [WEIGHTS_FILE]: weightParts(parameters),
    [CONFIG_FILE]: [jsonText(settingsToJson(config))] };
}

/**
 * Saves a model in `dir` as `model.save` does, and beside it its tokenizer, as Hugging Face
 * transformers reads both: `AutoModelForCausalLM` and `AutoTokenizer`.
 * @throws RangeError if the tokenizer is neither one of the course's nor of `loadTokenizer`
 * @throws Error if `dir` cannot be written; what was there is then unchanged
 */
export async function saveModel(
  dir: string,
  model: SavedModel,
  tokenizer: Tokenizer,
): Promise<void> {
  await writeFiles(dir, { ...modelFiles(model), ...tokenizerFiles(tokenizer) });
}

/** The content of a file of weights: float32, names with the `transformer.` prefix. */
export function weightParts(parameters: SavedModel['parameters']): Pieces {
  return safetensorsParts([...parameters].map(([name, weight]) => {
    const values = weight.dataSync() as Float32Array;
    return [name === HEAD ? name : PREFIX + name, { shape: weight.shape, values }] as const;
  }));
}

/** The name of a weight in the model, from that in a file of {@link weightParts}. */
export const nameInModel = (stored: string): string =>
  stored.startsWith(PREFIX) ? stored.slice(PREFIX.length) : stored;

/**
 * The settings of the model in the folder `dir`.
 * @throws Error that names the file that is missing or not readable
 */
export async function readModelSettings(dir: string): Promise<Settings> {
  const files = await weightFileNames(dir);
  const lacks = platform.exists(platform.join(dir, CONFIG_FILE))
    ? files.length === 0 && WEIGHTS_FILE
    : CONFIG_FILE;
  if (lacks)
    throw new Error(
      `${dir} holds no ${lacks}; a checkpoint has ${CONFIG_FILE} and ${WEIGHTS_FILE}`,
    );
  return readSettings(dir);
}

/** The weights of a checkpoint whose headers were checked: they can be read one by one. */
export interface WeightReader {
  readonly read: (name: string) => Promise<Float32Array>;
  readonly close: () => Promise<void>;
}

/**
 * Opens the weights in `dir` and checks that they are exactly those of `wanted`, name → shape.
 * Where the head is tied, it may be stored as a copy of the token table; a different head is an
 * error.
 * @throws Error that names the file or the weight, what was required and what was found
 */
export async function openWeights(
  dir: string,
  wanted: ReadonlyMap<string, readonly number[]>,
  isTied: boolean,
): Promise<WeightReader> {
  const weights = await WeightFiles.open(dir, await weightFileNames(dir));
  try {
    const ignore = (name: string): boolean => MASK_BUFFER.test(name) || (isTied && name === HEAD);
    const stored = weights.matchNames(wanted, { prefix: PREFIX, ignore });
    if (isTied && weights.info(HEAD) && !(await weights.areEqual(HEAD, stored.get('wte.weight')!)))
      throw new Error(`${HEAD} must equal wte.weight, since config.json sets tie_word_embeddings`);
    const read = (name: string): Promise<Float32Array> => weights.readFloat32(stored.get(name)!);
    return { read, close: () => weights.close() };
  } catch (error) {
    await weights.close();
    throw error;
  }
}
