/** The shape of a GPT-2 and the numbers it is built with, under the names of its configuration file in camelCase. */
import { check, checkBoolean, checkInteger, checkNames, checkNumber, shown } from '../base/checks';

export interface GPTConfig {
  /** Number of transformer blocks. */
  nLayer: number;
  /** Number of attention heads in each block; divides `nEmbd`. */
  nHead: number;
  /** Width of the vector that stands for a token. */
  nEmbd: number;
  /** Longest sequence: the context window, in tokens (16.3.3). */
  nPositions: number;
  /** Number of token ids, 0 to vocabSize − 1. */
  vocabSize: number;
  /** Width of the hidden layer of each block's MLP; `null` for 4 · nEmbd. */
  nInner: number | null;
  /** Dropout rates in [0, 1), used in training only (16.6.3): on embeddings, attention weights, block outputs. */
  embdPdrop: number;
  attnPdrop: number;
  residPdrop: number;
  layerNormEpsilon: number;
  /** Standard deviation of new weights. */
  initializerRange: number;
  /** Whether the head reads the token table itself (GPT-2) or has weights of its own. */
  tieWordEmbeddings: boolean;
  /** Whether attention scores are divided by √(head size). */
  scaleAttnWeights: boolean;
  /** Whether they are divided by the block's number, too. */
  scaleAttnByInverseLayerIdx: boolean;
  /** Only GPT-2's own is computed: `gelu_new`, also called `gelu_pytorch_tanh`. */
  activationFunction: string;
  bosTokenId: number | null;
  /** What ends a text: a token, any of several, or nothing. */
  eosTokenId: number | readonly number[] | null;
}

const SIZES = ['nLayer', 'nHead', 'nEmbd', 'nPositions', 'vocabSize'] as const;
const RATES = ['embdPdrop', 'attnPdrop', 'residPdrop'] as const;

/** What a caller must say; the rest has GPT-2's defaults. */
export type GPTOptions = Pick<GPTConfig, typeof SIZES[number]> & Partial<GPTConfig>;

/** Those of the settings that only training uses. */
export type DropoutRates = Partial<Pick<GPTConfig, typeof RATES[number]>>;

const DEFAULTS = {
  nInner: null,
  embdPdrop: 0.1,
  attnPdrop: 0.1,
  residPdrop: 0.1,
  layerNormEpsilon: 1e-5,
  initializerRange: 0.02,
  tieWordEmbeddings: true,
  scaleAttnWeights: true,
  scaleAttnByInverseLayerIdx: false,
  activationFunction: 'gelu_new',
  bosTokenId: null,
  eosTokenId: null,
};

const KNOWN: readonly string[] = [...SIZES, ...Object.keys(DEFAULTS)];

/**
 * Fills in GPT-2's defaults and checks every value; `changes` replace values of `options`.
 * @throws RangeError that names the value, what was wanted and what came
 */
export function completeConfig(options: GPTOptions, changes: Partial<GPTConfig> = {}): GPTConfig {
  checkNames('configuration', { ...options, ...changes }, KNOWN);
  const given = [...Object.entries(options), ...Object.entries(changes)].filter(([, value]) =>
    value !== undefined
  );
  const config = { ...DEFAULTS, ...Object.fromEntries(given) } as GPTConfig;
  for (const name of SIZES) checkInteger(name, config[name], { from: 1 });
  if (config.nInner !== null) checkInteger('nInner', config.nInner, { from: 1 });
  const { nEmbd, nHead, activationFunction: activation } = config;
  if (nEmbd % nHead !== 0)
    throw new RangeError(`nEmbd must be divisible by nHead, got nEmbd ${nEmbd} and nHead ${nHead}`);
  for (const name of RATES) checkNumber(name, config[name], { from: 0, below: 1 });
  for (const name of ['layerNormEpsilon', 'initializerRange'] as const)
    checkNumber(name, config[name], { from: 0 });
  for (
    const name of ['tieWordEmbeddings', 'scaleAttnWeights', 'scaleAttnByInverseLayerIdx'] as const
  ) checkBoolean(name, config[name]);
  const ends = [config.eosTokenId ?? []].flat();
  check(
    ends.every(Number.isInteger),
    'eosTokenId',
    'a token id, a list of them or null',
    config.eosTokenId,
  );
  check(
    /^gelu_(new|pytorch_tanh)$/.test(activation),
    'activationFunction',
    'gelu_new (or gelu_pytorch_tanh, the same)',
    activation,
  );
  return config;
}

/** The factor of the dot products of queries and keys in block number `layer`, from 0. */
export function attentionScale(config: GPTConfig, layer: number): number {
  const { nEmbd, nHead, scaleAttnWeights, scaleAttnByInverseLayerIdx } = config;
  return (scaleAttnWeights ? 1 / Math.sqrt(nEmbd / nHead) : 1)
    / (scaleAttnByInverseLayerIdx ? layer + 1 : 1);
}

/** Settings of a Hugging Face `config.json` that change what a GPT-2 computes, and the only value that is computed here. */
const ONLY: Record<string, unknown> = { model_type: 'gpt2', add_cross_attention: false,
  is_encoder_decoder: false, quantization_config: null };

/** What Hugging Face takes for a setting that `config.json` leaves out, where it differs from ours or we have none. */
const LEFT_OUT = { n_layer: 12, n_head: 12, n_embd: 768, n_positions: 1024, vocab_size: 50257,
  bos_token_id: 50256, eos_token_id: 50256 };
/** Names that other models use and Hugging Face takes for GPT-2's; where both are given, for the one that counts. */
const SYNONYMS = { num_hidden_layers: 'n_layer', num_attention_heads: 'n_head',
  hidden_size: 'n_embd', max_position_embeddings: 'n_positions' };

/**
 * Reads a Hugging Face `config.json`. What would be computed wrongly is refused by name; what
 * changes nothing here (version numbers, task settings, `reorder_and_upcast_attn`, which is about
 * half precision) is passed over.
 * @throws RangeError on a value that needs a different model
 */
export function configFromJson(json: Record<string, unknown>): GPTConfig {
  for (const [name, wanted] of Object.entries(ONLY)) {
    if ((json[name] ?? wanted) !== wanted)
      throw new RangeError(
        `config.json: ${name} must be ${String(wanted)}, got ${shown(json[name])}`,
      );
  }
  const synonyms = Object.entries(SYNONYMS).filter(([name]) => name in json).map((
    [name, ours],
  ) => [ours, json[name]]);
  const entries = Object.entries({ ...LEFT_OUT, ...json,
    ...Object.fromEntries(synonyms) as object })
    .map(([name, value]) => [camelCase(name), value] as const);
  return completeConfig(
    Object.fromEntries(entries.filter(([name]) => KNOWN.includes(name))) as unknown as GPTOptions,
  );
}

/** The `config.json` that Hugging Face transformers reads as the same model. */
export function configToJson(config: GPTConfig): Record<string, unknown> {
  const entries = Object.entries(config).map(([name, value]) => [snakeCase(name), value] as const);
  return { architectures: ['GPT2LMHeadModel'], model_type: 'gpt2', ...Object.fromEntries(entries),
    torch_dtype: 'float32' };
}

const camelCase = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
