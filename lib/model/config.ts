/** The configuration of a GPT-2, under the names of its configuration file in camelCase. */
import { asList, check, checkBoolean, checkInteger, checkNames, checkNumber } from '../base/checks';
import { type Settings, settingsFromJson } from '../files/config-json';
import { checkLayersFit } from '../tensor/memory';
import { parameterShapes } from './weights';

export interface GPTConfig {
  /** Number of transformer blocks. */
  nLayer: number;
  /** Number of attention heads in each block; divides `nEmbd`. */
  nHead: number;
  /** Width of the vector of a token. */
  nEmbd: number;
  /** Longest sequence: the context window, in tokens (16.3.3). */
  nPositions: number;
  /** Number of token ids, 0 to vocabSize − 1. */
  vocabSize: number;
  /** Width of the hidden layer of each block's MLP; `null` for 4 · nEmbd. */
  nInner: number | null;
  /**
   * Dropout rates in [0, 1), used in training only (16.6.7): on embeddings, attention weights,
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
  /** Whether they are also divided by the number of the block, from 1. */
  scaleAttnByInverseLayerIdx: boolean;
  /** Only GPT-2's own is computed: `gelu_new`, also called `gelu_pytorch_tanh`. */
  activationFunction: string;
  bosTokenId: number | null;
  /** What ends a text: a token, any of several, or nothing (`null` or −1). */
  eosTokenId: number | readonly number[] | null;
}

/** The greatest value of each size: far above any GPT, and below what would only end the memory. */
const SIZES = { nLayer: 1_000, nHead: 1_000, nEmbd: 100_000, nPositions: 1e7, vocabSize: 1e7 };
export const RATES = ['embdPdrop', 'attnPdrop', 'residPdrop'] as const;
const FACTORS = ['layerNormEpsilon', 'initializerRange'] as const;
const FLAGS = ['tieWordEmbeddings', 'scaleAttnWeights', 'scaleAttnByInverseLayerIdx'] as const;

/** The sizes, which are required, and the other settings, which have GPT-2's defaults. */
export type GPTOptions = Pick<GPTConfig, keyof typeof SIZES> & Partial<GPTConfig>;

/** The settings that only training uses. */
export type DropoutRates = Partial<Pick<GPTConfig, typeof RATES[number]>>;

const DEFAULTS = { nInner: null, embdPdrop: 0.1, attnPdrop: 0.1, residPdrop: 0.1,
  layerNormEpsilon: 1e-5, initializerRange: 0.02, tieWordEmbeddings: true, scaleAttnWeights: true,
  scaleAttnByInverseLayerIdx: false, activationFunction: 'gelu_new', bosTokenId: null,
  eosTokenId: null };

/** The names of all settings. */
const SETTINGS: readonly string[] = Object.keys({ ...SIZES, ...DEFAULTS });

/**
 * Fills in GPT-2's defaults and checks every value, and that the weights fit into memory; `changes`
 * replace values of `options`.
 * @throws RangeError that names the setting, what is required and what was given
 */
export function completeConfig(options: GPTOptions, changes: Partial<GPTConfig> = {}): GPTConfig {
  checkNames('configuration', { ...options, ...changes }, SETTINGS);
  const all: [string, unknown][] = [...Object.entries(options), ...Object.entries(changes)];
  const given = all.filter(([, value]) => value !== undefined);
  const config = { ...DEFAULTS, ...Object.fromEntries(given) } as GPTConfig;
  const { nInner, nEmbd, nHead, eosTokenId, activationFunction } = config;
  for (const [name, to] of Object.entries(SIZES))
    checkInteger(name, config[name as keyof typeof SIZES], { from: 1, to });
  if (nInner !== null) checkInteger('nInner', nInner, { from: 1, to: 4 * SIZES.nEmbd });
  check(nEmbd % nHead === 0, 'nEmbd', `divisible by nHead, ${nHead}`, nEmbd);
  for (const name of RATES) checkNumber(name, config[name], { from: 0, below: 1 });
  for (const name of FACTORS) checkNumber(name, config[name], { from: 0 });
  for (const name of FLAGS) checkBoolean(name, config[name]);
  const areIds = asList(eosTokenId).every((id) => Number.isInteger(id) && id >= -1);
  check(areIds, 'eosTokenId', 'a token id, a list of them, −1 or null', eosTokenId);
  const isGelu = ['gelu_new', 'gelu_pytorch_tanh'].includes(activationFunction); // one function
  check(isGelu, 'activationFunction', 'gelu_new or gelu_pytorch_tanh', activationFunction);
  checkLayersFit(config.nLayer, (layers) => parameterShapes({ ...config, nLayer: layers }));
  return config;
}

/** The factor that scales the dot products of queries and keys in block number `layer`, from 0. */
export function attentionScale(config: GPTConfig, layer: number): number {
  const { nEmbd, nHead, scaleAttnWeights, scaleAttnByInverseLayerIdx } = config;
  const scale = scaleAttnWeights ? 1 / Math.sqrt(nEmbd / nHead) : 1;
  return scaleAttnByInverseLayerIdx ? scale / (layer + 1) : scale;
}

/**
 * Reads a Hugging Face `config.json`.
 * @throws RangeError on a value that is invalid or not supported
 */
export function configFromJson(json: Settings): GPTConfig {
  return completeConfig(settingsFromJson(json, SETTINGS) as unknown as GPTOptions);
}
