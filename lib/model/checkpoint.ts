/**
 * A model in a folder: `config.json` and `model.safetensors`, as Hugging Face transformers writes a
 * GPT-2.
 */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configFromJson, configToJson, type GPTConfig } from './config';
import { readObject } from '../files/json';
import { type Parameters, parameterShapes } from './weights';
import { writeSafetensors } from '../files/safetensors';
import { weightFileNames, WeightFiles, WEIGHTS_FILE } from '../files/weight-files';

const PREFIX = 'transformer.';
const GENERATION = 'generation_config.json';
/**
 * Mask buffers that old checkpoints carry: the causal mask is computed here, so they hold nothing.
 */
const MASK_BUFFER = /^h\.\d+\.attn\.(bias|masked_bias)$/;

/** A checkpoint whose header was checked: its weights can be read one by one. */
export interface Checkpoint {
  config: GPTConfig;
  read(name: string, shape: number[]): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Opens the checkpoint in `dir` and checks it: every weight there, none too many, each of the shape
 * that the configuration asks for.
 * @throws Error that names the file, and the weight, what was wanted and what came
 */
export async function readCheckpoint(dir: string): Promise<Checkpoint> {
  const lacks = (name: string): Error =>
    new Error(
      `${dir} holds no ${name}; a checkpoint is a folder with config.json and ${WEIGHTS_FILE}`,
    );
  if (!existsSync(join(dir, 'config.json'))) throw lacks('config.json');
  const files = await weightFileNames(dir);
  if (files.length === 0) throw lacks(WEIGHTS_FILE);
  const config = await readConfig(dir);
  const weights = await WeightFiles.open(dir, files);
  try {
    const stored = storedNames(weights, config);
    if (config.tieWordEmbeddings) await checkTiedHead(weights, stored.get('wte.weight')!);
    return { config, read: (name) => weights.readFloat32(stored.get(name)!), close: () =>
      weights.close() };
  } catch (error) {
    await weights.close();
    throw error;
  }
}

/**
 * The configuration. Where a `generation_config.json` stands beside it, that one says what ends a
 * text, as in Hugging Face.
 */
async function readConfig(dir: string): Promise<GPTConfig> {
  const json = await readObject(join(dir, 'config.json'));
  const generation = join(dir, GENERATION);
  return configFromJson(
    existsSync(generation)
      ? { ...json, eos_token_id: (await readObject(generation)).eos_token_id ?? null }
      : json,
  );
}

/**
 * Our name of each weight → its name in the file, after checking that the file holds exactly the
 * weights of `config`.
 */
function storedNames(file: WeightFiles, config: GPTConfig): Map<string, string> {
  const stored = new Map<string, string>();
  for (const name of file.names()) {
    const short = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
    if (MASK_BUFFER.test(short)) continue;
    if (short === 'lm_head.weight' && config.tieWordEmbeddings) continue; // see checkTiedHead
    if (stored.has(short))
      throw new Error(
        `model.safetensors holds ${short} twice: as ${stored.get(short)} and as ${name}`,
      );
    stored.set(short, name);
  }
  const wanted = parameterShapes(config);
  const missing = [...wanted.keys()].filter((name) => !stored.has(name));
  const extra = [...stored.keys()].filter((name) => !wanted.has(name));
  if (missing.length > 0)
    throw new Error(`model.safetensors lacks ${some(missing)}, which config.json asks for`);
  if (extra.length > 0)
    throw new Error(
      `model.safetensors holds ${some(extra)}, which a GPT-2 of this config.json does not have`,
    );
  for (const [name, shape] of wanted) {
    const { shape: came, dtype } = file.info(stored.get(name)!)!;
    if (came.join() !== shape.join())
      throw new Error(
        `${name} must have the shape [${shape.join(', ')}], got [${came.join(', ')}]`,
      );
    if (!['F32', 'F16', 'BF16'].includes(dtype))
      throw new Error(`${name} must be F32, F16 or BF16, got ${dtype}`);
  }
  return stored;
}

/**
 * A tied head may be stored as a copy of the token table; one with weights of its own is another
 * model.
 */
async function checkTiedHead(file: WeightFiles, table: string): Promise<void> {
  if (!file.info('lm_head.weight')) return;
  const [head, tokens] = [await file.readFloat32('lm_head.weight'), await file.readFloat32(table)];
  if (head.length === tokens.length && head.every((value, i) => value === tokens[i])) return;
  throw new Error(
    'lm_head.weight must equal wte.weight, since config.json ties them (tie_word_embeddings); it holds weights of its own',
  );
}

const some = (names: string[]): string =>
  names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');

/**
 * Writes both files, float32, names with the `transformer.` prefix. A `generation_config.json` of
 * an earlier model in `dir` goes, since it would say what ends a text in the new one's place.
 */
export async function writeCheckpoint(
  dir: string,
  config: GPTConfig,
  parameters: Parameters,
): Promise<void> {
  await mkdir(dir, { recursive: true });
  const tensors = [...parameters].map(([name, weight]) =>
    [
      name.startsWith('lm_head.') ? name : PREFIX + name,
      { shape: weight.shape, values: weight.dataSync() as Float32Array },
    ] as [string, { shape: number[]; values: Float32Array }]
  );
  await writeSafetensors(join(dir, WEIGHTS_FILE), tensors);
  await rm(join(dir, GENERATION), { force: true });
  await writeFile(join(dir, 'config.json'), `${JSON.stringify(configToJson(config), null, 2)}\n`);
}
