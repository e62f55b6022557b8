/**
 * The shape of a GPT-2 and the numbers it is built with, under the names of its configuration file
 * in camelCase.
 */

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
  /**
   * Dropout rates in [0, 1), used in training only (16.6.3): on embeddings, attention weights,
   * block outputs.
   */
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

/** What a caller must say; the rest has GPT-2's defaults. */
export type GPTOptions =
  & Pick<GPTConfig, 'nLayer' | 'nHead' | 'nEmbd' | 'nPositions' | 'vocabSize'>
  & Partial<GPTConfig>;

/** Those of the settings that only training looks at. */
export type DropoutRates = Partial<Pick<GPTConfig, 'embdPdrop' | 'attnPdrop' | 'residPdrop'>>;

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
} as const;

const KNOWN = ['nLayer', 'nHead', 'nEmbd', 'nPositions', 'vocabSize', ...Object.keys(DEFAULTS)];

/**
 * Fills in GPT-2's defaults and checks every value.
 * @throws RangeError that names the value, what was wanted and what came
 */
export function completeConfig(options: GPTOptions): GPTConfig {
  const unknown = Object.keys(options).filter((name) => !KNOWN.includes(name));
  if (unknown.length > 0)
    throw new RangeError(
      `unknown configuration ${unknown.join(', ')}; known are ${KNOWN.join(', ')}`,
    );
  const given = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
  const config = { ...DEFAULTS, ...given } as GPTConfig;
  for (const name of ['nLayer', 'nHead', 'nEmbd', 'nPositions', 'vocabSize'] as const)
    wholeNumber(name, config[name]);
  if (config.nInner !== null) wholeNumber('nInner', config.nInner);
  if (config.nEmbd % config.nHead !== 0) {
    throw new RangeError(
      `nEmbd must be divisible by nHead, got nEmbd ${config.nEmbd} and nHead ${config.nHead}`,
    );
  }
  for (const name of ['embdPdrop', 'attnPdrop', 'residPdrop'] as const) {
    const rate = config[name];
    if (!(typeof rate === 'number' && rate >= 0 && rate < 1))
      throw new RangeError(`${name} must be in [0, 1), got ${rate}`);
  }
  for (const name of ['layerNormEpsilon', 'initializerRange'] as const) {
    if (!(config[name] >= 0 && Number.isFinite(config[name])))
      throw new RangeError(`${name} must be at least 0, got ${config[name]}`);
  }
  for (
    const name of ['tieWordEmbeddings', 'scaleAttnWeights', 'scaleAttnByInverseLayerIdx'] as const
  ) {
    if (typeof config[name] !== 'boolean')
      throw new RangeError(`${name} must be true or false, got ${JSON.stringify(config[name])}`);
  }
  const ends: unknown[] = [config.eosTokenId ?? []].flat();
  if (!ends.every(Number.isInteger))
    throw new RangeError(
      `eosTokenId must be a token id, a list of them or null, got ${
        JSON.stringify(config.eosTokenId)
      }`,
    );
  if (!['gelu_new', 'gelu_pytorch_tanh'].includes(config.activationFunction)) {
    throw new RangeError(
      `activationFunction must be gelu_new (or gelu_pytorch_tanh, the same), got ${config.activationFunction}`,
    );
  }
  return config;
}

/**
 * What the dot products of queries and keys are multiplied by in block number `layer`, counted from
 * 0.
 */
export function attentionScale(config: GPTConfig, layer: number): number {
  const { nEmbd, nHead, scaleAttnWeights, scaleAttnByInverseLayerIdx } = config;
  return (scaleAttnWeights ? 1 / Math.sqrt(nEmbd / nHead) : 1)
    / (scaleAttnByInverseLayerIdx ? layer + 1 : 1);
}

function wholeNumber(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`${name} must be a whole number of at least 1, got ${value}`);
}

/**
 * Settings of a Hugging Face `config.json` that change what a GPT-2 computes, and the only value
 * that is computed here.
 */
const ONLY: Record<string, unknown> = { model_type: 'gpt2', add_cross_attention: false,
  is_encoder_decoder: false };

/**
 * What Hugging Face takes for a setting that `config.json` leaves out, where it differs from ours
 * or we have none.
 */
const LEFT_OUT = { n_layer: 12, n_head: 12, n_embd: 768, n_positions: 1024, vocab_size: 50257,
  bos_token_id: 50256, eos_token_id: 50256 };
/**
 * Names that other models use and Hugging Face takes for GPT-2's; where both are given, for the one
 * that counts.
 */
const SYNONYMS = { num_hidden_layers: 'n_layer', num_attention_heads: 'n_head',
  hidden_size: 'n_embd', max_position_embeddings: 'n_positions' };

/**
 * Reads a Hugging Face `config.json`. What would be computed wrongly is refused by name; what
 * changes nothing here (version numbers, task settings, `reorder_and_upcast_attn`, which is about
 * half precision) is passed over.
 * @throws RangeError on a value that asks for another model
 */
export function configFromJson(json: Record<string, unknown>): GPTConfig {
  for (const [name, wanted] of Object.entries(ONLY)) {
    const came = json[name] ?? wanted;
    if (came !== wanted)
      throw new RangeError(
        `config.json: ${name} must be ${String(wanted)}, got ${JSON.stringify(came)}`,
      );
  }
  if (json['quantization_config'] != null)
    throw new RangeError('config.json: quantized weights are not supported, wanted plain ones');
  const synonyms = Object.entries(SYNONYMS).filter(([name]) => name in json).map((
    [name, ours],
  ) => [ours, json[name]]);
  const entries = Object.entries({ ...LEFT_OUT, ...json, ...Object.fromEntries(synonyms) }).map((
    [name, value],
  ) => [camelCase(name), value] as const);
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
