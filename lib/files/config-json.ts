/**
 * The `config.json` of a GPT-2 as Hugging Face transformers writes it. It has different names and
 * defaults, and may describe models that are not supported.
 */
import { shown } from '../base/checks';
import { sayOnce } from '../base/notice';
import { platform } from '../base/platform';
import { readObject } from './json';
import { CONFIG_FILE, GENERATION_FILE } from './model-files';

const { join } = platform;

/** Settings by name. */
export type Settings = Record<string, unknown>;

/** Settings that change what a GPT-2 computes, and the only value that is computed here. */
const ONLY: Settings = { model_type: 'gpt2', add_cross_attention: false, is_encoder_decoder: false,
  quantization_config: null };

/**
 * Hugging Face's defaults for settings that the file leaves out, where ours are different or
 * missing.
 */
const LEFT_OUT = { n_layer: 12, n_head: 12, n_embd: 768, n_positions: 1024, vocab_size: 50257,
  bos_token_id: 50256, eos_token_id: 50256 };

/**
 * Names from other models that Hugging Face also accepts for GPT-2. If both are given, these take
 * precedence.
 */
const SYNONYMS = { num_hidden_layers: 'n_layer', num_attention_heads: 'n_head',
  hidden_size: 'n_embd', max_position_embeddings: 'n_positions' };

/** Settings of Hugging Face's `generate`, which old checkpoints have in their `config.json`. */
const DECODING = [
  'do_sample',
  'temperature',
  'top_k',
  'top_p',
  'min_p',
  'repetition_penalty',
  'no_repeat_ngram_size',
  'num_beams',
  'length_penalty',
  'early_stopping',
  'num_return_sequences',
  'max_new_tokens',
];

/** What a `generation_config.json` may say without changing the text here. */
const HARMLESS = /^_|_token_id$|^transformers_version$|cache|^output_|^return_dict/;

/**
 * The settings in `config.json` of the folder `dir`. A `generation_config.json` beside it says what
 * ends a text in its place, as in Hugging Face. Its other settings are not used, which is said
 * once: what decides over a text is to be seen in the call of `generate`.
 * @throws Error that names the file if one is not readable
 */
export async function readSettings(dir: string): Promise<Settings> {
  const json = await readObject(join(dir, CONFIG_FILE));
  const path = join(dir, GENERATION_FILE);
  if (!platform.exists(path)) {
    sayUnused(join(dir, CONFIG_FILE), json, (name) => DECODING.includes(name));
    return json;
  }
  const generation = await readObject(path);
  sayUnused(path, generation, (name) => !HARMLESS.test(name));
  return { ...json, eos_token_id: generation.eos_token_id ?? null };
}

/** Says which settings of `generate` a file has that change a text and are not used. */
function sayUnused(path: string, json: Settings, decides: (name: string) => boolean): void {
  const idle: unknown[] = [null, false, 0, 1];
  const names = Object.keys(json).filter((name) => decides(name) && !idle.includes(json[name]));
  if (names.length === 0) return;
  const came = names.map((name) => `${name} ${shown(json[name])}`).join(', ');
  const options = names.filter((name) => DECODING.includes(name)).map((name) =>
    `${camelCase(name)}: ${shown(json[name])}`
  );
  const advice = options.length > 0 ? `; to have them, pass { ${options.join(', ')} }` : '';
  sayOnce(`note: generate does not use these settings of ${path}: ${came}${advice}`);
}

/**
 * The settings of a `config.json` that are among `known`, with their names in camelCase. Settings
 * that would give wrong results are refused by name. Settings that change nothing here (version
 * numbers, task settings, `reorder_and_upcast_attn`, which is about half precision) are ignored.
 * @throws RangeError on a value that is not supported
 */
export function settingsFromJson(json: Settings, known: readonly string[]): Settings {
  for (const [name, wanted] of Object.entries(ONLY)) {
    const came = json[name] ?? wanted;
    if (came !== wanted)
      throw new RangeError(`${name} must be ${String(wanted)}, got ${shown(came)}`);
  }
  const synonyms = Object.entries(SYNONYMS).filter(([name]) => name in json);
  const renamed = Object.fromEntries(synonyms.map(([name, ours]) => [ours, json[name]]));
  const entries = Object.entries({ ...LEFT_OUT, ...json, ...renamed }).map(([name, value]) =>
    [camelCase(name), value] as const
  );
  return Object.fromEntries(entries.filter(([name]) => known.includes(name)));
}

/** The `config.json` that Hugging Face transformers reads as the model with these settings. */
export function settingsToJson(settings: object): Settings {
  const entries = Object.entries(settings).map(([name, value]) =>
    [snakeCase(name), value as unknown] as const
  );
  return { architectures: ['GPT2LMHeadModel'], model_type: 'gpt2', ...Object.fromEntries(entries),
    torch_dtype: 'float32' };
}

const camelCase = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
