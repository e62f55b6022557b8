/**
 * The `config.json` of a GPT-2 as Hugging Face transformers writes it. It has different names and
 * defaults, and may describe models that are not supported.
 */
import { shown } from '../base/checks';

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
      throw new RangeError(`config.json: ${name} must be ${String(wanted)}, got ${shown(came)}`);
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
