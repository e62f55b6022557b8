/**
 * Reads a model from a folder: `config.json` and `model.safetensors`, as Hugging Face transformers
 * writes a GPT-2.
 */
import { platform } from '../base/platform';
import { naming } from '../base/text-file';
import { CONFIG_FILE } from '../files/model-files';
import { openWeights, readModelSettings, type WeightReader } from '../files/saved-model';
import { configFromJson, type GPTConfig } from './config';
import { parameterShapes } from './weights';

/**
 * Opens the checkpoint in `dir` and checks that it holds exactly the weights that the configuration
 * requires, each with its shape.
 * @throws Error that names the file or the weight, what was required and what was found
 */
export async function readCheckpoint(dir: string): Promise<WeightReader & { config: GPTConfig }> {
  const settings = await readModelSettings(dir);
  const config = naming(platform.join(dir, CONFIG_FILE), () => configFromJson(settings));
  return { config, ...await openWeights(dir, parameterShapes(config), config.tieWordEmbeddings) };
}
