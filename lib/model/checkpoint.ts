/**
 * A model in a folder: `config.json` and `model.safetensors`, as Hugging Face transformers writes a
 * GPT-2.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { settingsToJson } from '../files/config-json';
import { readObject } from '../files/json';
import { GENERATION_FILE, WEIGHTS_FILE, writeModelFiles } from '../files/model-files';
import { weightFileNames, WeightFiles } from '../files/weight-files';
import { configFromJson, type GPTConfig } from './config';
import { type Parameters, parameterShapes } from './weights';

const PREFIX = 'transformer.';
const HEAD = 'lm_head.weight';
/**
 * Mask buffers that old checkpoints carry: the causal mask is computed here, so they hold nothing.
 */
const MASK_BUFFER = /^h\.\d+\.attn\.(bias|masked_bias)$/;

/** What is saved of a model. */
type Saved = Readonly<{ config: GPTConfig; parameters: Parameters }>;

/** A checkpoint whose header was checked: its weights can be read one by one. */
export interface Checkpoint {
  config: GPTConfig;
  readonly read: (name: string) => Promise<Float32Array>;
  readonly close: () => Promise<void>;
}

/**
 * Opens the checkpoint in `dir` and checks it: every weight there, none too many, each of the shape
 * that the configuration requires.
 * @throws Error that names the file, and the weight, what was wanted and what came
 */
export async function readCheckpoint(dir: string): Promise<Checkpoint> {
  const files = await weightFileNames(dir);
  const lacks = existsSync(join(dir, 'config.json'))
    ? files.length === 0 && WEIGHTS_FILE
    : 'config.json';
  if (lacks)
    throw new Error(`${dir} holds no ${lacks}; a checkpoint has config.json and ${WEIGHTS_FILE}`);
  const config = await readConfig(dir);
  const weights = await WeightFiles.open(dir, files);
  try {
    const isTied = config.tieWordEmbeddings;
    const ignore = (name: string): boolean => MASK_BUFFER.test(name) || (isTied && name === HEAD);
    const stored = weights.matchNames(parameterShapes(config), { prefix: PREFIX, ignore });
    // A tied head may be stored as a copy of the token table; any other is a different model's.
    if (isTied && weights.info(HEAD) && !(await weights.areEqual(HEAD, stored.get('wte.weight')!)))
      throw new Error(`${HEAD} must equal wte.weight, since config.json says tie_word_embeddings`);
    const read = (name: string): Promise<Float32Array> => weights.readFloat32(stored.get(name)!);
    return { config, read, close: () => weights.close() };
  } catch (error) {
    await weights.close();
    throw error;
  }
}

/**
 * The configuration. A `generation_config.json` beside it says what ends a text in its place, as in
 * Hugging Face.
 */
async function readConfig(dir: string): Promise<GPTConfig> {
  const json = await readObject(join(dir, 'config.json'));
  const generation = join(dir, GENERATION_FILE);
  if (existsSync(generation))
    json.eos_token_id = (await readObject(generation)).eos_token_id ?? null;
  return configFromJson(json);
}

/**
 * Writes both files, float32, names with the `transformer.` prefix, in place of the model in `dir`.
 * @throws Error that says why; then the model that was there is there as before
 */
export async function writeCheckpoint(dir: string, model: Saved): Promise<void> {
  const tensors = [...model.parameters].map(([name, weight]) => {
    const values = weight.dataSync() as Float32Array;
    return [name === HEAD ? name : PREFIX + name, { shape: weight.shape, values }] as const;
  });
  await writeModelFiles(dir, settingsToJson(model.config), tensors);
}
