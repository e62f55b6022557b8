/** A model in a folder: `config.json` and `model.safetensors`, as Hugging Face transformers writes a GPT-2. */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readObject } from '../files/json';
import { writeSafetensors } from '../files/safetensors';
import { WeightFiles, weightFiles, WHOLE } from '../files/weight-files';
import { configFromJson, configToJson, type GPTConfig } from './config';
import { type Parameters, parameterShapes } from './weights';

const PREFIX = 'transformer.';
const GENERATION = 'generation_config.json';
const HEAD = 'lm_head.weight';
/** Mask buffers that old checkpoints carry: the causal mask is computed here, so they hold nothing. */
const MASK_BUFFER = /^h\.\d+\.attn\.(bias|masked_bias)$/;

/** A checkpoint whose header was checked: its weights can be read one by one. */
export interface Checkpoint {
  config: GPTConfig;
  read(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Opens the checkpoint in `dir` and checks it: every weight there, none too many, each of the shape
 * that the configuration requires.
 * @throws Error that names the file, and the weight, what was wanted and what came
 */
export async function readCheckpoint(dir: string): Promise<Checkpoint> {
  const files = await weightFiles(dir);
  const lacks = existsSync(join(dir, 'config.json')) ? files.length === 0 && WHOLE : 'config.json';
  if (lacks)
    throw new Error(
      `${dir} holds no ${lacks}; a checkpoint is a folder with config.json and ${WHOLE}`,
    );
  const config = await readConfig(dir);
  const weights = await WeightFiles.open(dir, files);
  try {
    const isTied = config.tieWordEmbeddings;
    const ignore = (name: string): boolean => MASK_BUFFER.test(name) || (isTied && name === HEAD);
    const stored = weights.matchNames(parameterShapes(config), { prefix: PREFIX, ignore });
    if (isTied) await checkTiedHead(weights, stored.get('wte.weight')!);
    return { config, read: (name) => weights.readFloat32(stored.get(name)!), close: () =>
      weights.close() };
  } catch (error) {
    await weights.close();
    throw error;
  }
}

/** The configuration. A `generation_config.json` beside it says what ends a text in its place, as in Hugging Face. */
async function readConfig(dir: string): Promise<GPTConfig> {
  const json = await readObject(join(dir, 'config.json'));
  const generation = join(dir, GENERATION);
  return configFromJson(
    existsSync(generation)
      ? { ...json, eos_token_id: (await readObject(generation)).eos_token_id ?? null }
      : json,
  );
}

/** A tied head may be stored as a copy of the token table; one with weights of its own is a different model. */
async function checkTiedHead(files: WeightFiles, table: string): Promise<void> {
  if (!files.info(HEAD)) return;
  const [head, tokens] = [await files.readFloat32(HEAD), await files.readFloat32(table)];
  if (head.length === tokens.length && head.every((value, i) => value === tokens[i])) return;
  throw new Error(
    `${HEAD} must equal wte.weight, since config.json ties them (tie_word_embeddings); it holds weights of its own`,
  );
}

/**
 * Writes both files, float32, names with the `transformer.` prefix. A `generation_config.json` of an
 * earlier model in `dir` goes, since it would say what ends a text in the new one's place.
 */
export async function writeCheckpoint(
  dir: string,
  config: GPTConfig,
  parameters: Parameters,
): Promise<void> {
  await mkdir(dir, { recursive: true });
  const tensors = [...parameters].map(([name, weight]) => {
    const values = weight.dataSync() as Float32Array;
    return [name === HEAD ? name : PREFIX + name, { shape: weight.shape, values }] as const;
  });
  await writeSafetensors(join(dir, WHOLE), tensors);
  await rm(join(dir, GENERATION), { force: true });
  await writeFile(join(dir, 'config.json'), `${JSON.stringify(configToJson(config), null, 2)}\n`);
}
