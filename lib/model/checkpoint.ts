/**
 * A model in a folder: `config.json` and `model.safetensors`, as Hugging Face transformers writes a
 * GPT-2.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { naming } from '../base/text-file';
import { readSettings, settingsToJson } from '../files/config-json';
import { CONFIG_FILE, WEIGHTS_FILE, writeModelFiles } from '../files/model-files';
import { weightFileNames, WeightFiles } from '../files/weight-files';
import { configFromJson, type GPTConfig } from './config';
import { type Parameters, parameterShapes } from './weights';

const PREFIX = 'transformer.';
const HEAD = 'lm_head.weight';
/** Mask buffers in old checkpoints. They are ignored, because the causal mask is computed here. */
const MASK_BUFFER = /^h\.\d+\.attn\.(bias|masked_bias)$/;

/** The parts of a model that are saved. */
type Saved = Readonly<{ config: GPTConfig; parameters: Parameters }>;

/** A checkpoint whose header was checked: its weights can be read one by one. */
export interface Checkpoint {
  config: GPTConfig;
  readonly read: (name: string) => Promise<Float32Array>;
  readonly close: () => Promise<void>;
}

/**
 * Opens the checkpoint in `dir` and checks that it holds exactly the weights that the configuration
 * requires, each with its shape.
 * @throws Error that names the file or the weight, what was required and what was found
 */
export async function readCheckpoint(dir: string): Promise<Checkpoint> {
  const files = await weightFileNames(dir);
  const lacks = existsSync(join(dir, CONFIG_FILE))
    ? files.length === 0 && WEIGHTS_FILE
    : CONFIG_FILE;
  if (lacks)
    throw new Error(
      `${dir} holds no ${lacks}; a checkpoint has ${CONFIG_FILE} and ${WEIGHTS_FILE}`,
    );
  const settings = await readSettings(dir);
  const config = naming(join(dir, CONFIG_FILE), () => configFromJson(settings));
  const weights = await WeightFiles.open(dir, files);
  try {
    const isTied = config.tieWordEmbeddings;
    const ignore = (name: string): boolean => MASK_BUFFER.test(name) || (isTied && name === HEAD);
    const stored = weights.matchNames(parameterShapes(config), { prefix: PREFIX, ignore });
    // A tied head may be stored as a copy of the token table; a different head is an error.
    if (isTied && weights.info(HEAD) && !(await weights.areEqual(HEAD, stored.get('wte.weight')!)))
      throw new Error(`${HEAD} must equal wte.weight, since config.json sets tie_word_embeddings`);
    const read = (name: string): Promise<Float32Array> => weights.readFloat32(stored.get(name)!);
    return { config, read, close: () => weights.close() };
  } catch (error) {
    await weights.close();
    throw error;
  }
}

/**
 * Writes both files, float32, names with the `transformer.` prefix, in place of the model in `dir`.
 * @throws Error that says why; the model that was in `dir` is then unchanged
 */
export async function writeCheckpoint(dir: string, model: Saved): Promise<void> {
  const tensors = [...model.parameters].map(([name, weight]) => {
    const values = weight.dataSync() as Float32Array;
    return [name === HEAD ? name : PREFIX + name, { shape: weight.shape, values }] as const;
  });
  await writeModelFiles(dir, settingsToJson(model.config), tensors);
}
