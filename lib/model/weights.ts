/** The weights of a GPT-2: their form, their names in a checkpoint, and their initial values. */
import { breathe, fillInParts } from '../base/interrupt';
import type { Random } from '../base/random';
import { variable } from '../tensor/memory';
import { tf } from '../tensor/tf';
import type { GPTConfig } from './config';

/** A matrix [in, out] and its bias [out], or the gain and the bias [width] of a layer norm. */
export interface Affine<T = tf.Variable> {
  readonly weight: T;
  readonly bias: T;
}

/**
 * The matrix that gives queries, keys and values of all heads [width, 3·width], and the one after
 * the heads [width, width].
 */
export interface AttentionMatrices<T = tf.Variable> {
  readonly qkv: Affine<T>;
  readonly project: Affine<T>;
}

/** The matrices [width, inner] and [inner, width]. */
export interface MlpMatrices<T = tf.Variable> {
  readonly up: Affine<T>;
  readonly down: Affine<T>;
}

/** The weights of one block, in the order of use. */
export interface BlockWeights<T = tf.Variable> {
  readonly norm1: Affine<T>;
  readonly attention: AttentionMatrices<T>;
  readonly norm2: Affine<T>;
  readonly mlp: MlpMatrices<T>;
}

/** All weights, in the order of use. Where the head is tied, it is the token table itself. */
export interface Weights<T = tf.Variable> {
  readonly tokens: T; // [vocab, width]
  readonly positions: T; // [nPositions, width]
  readonly blocks: readonly BlockWeights<T>[];
  readonly lastNorm: Affine<T>;
  readonly head: T; // [vocab, width]
}

/**
 * The weights by their names in a checkpoint, as Hugging Face has them, without the `transformer.`
 * in front.
 */
export type Parameters = Map<string, tf.Variable>;

/** Makes something from each weight's name and shape, such as its memory or its initial values. */
type Make<T> = (name: string, shape: number[]) => T;

/** The weights of a model of this configuration, each by `make`, in the order of use. */
export function arrangeWeights<T>(config: GPTConfig, make: Make<T>): Weights<T> {
  const { nEmbd: width, nLayer, nPositions, vocabSize } = config;
  const inner = config.nInner ?? 4 * width;
  const affine = (name: string, ...shape: number[]): Affine<T> => {
    const weight = make(`${name}.weight`, shape);
    return { weight, bias: make(`${name}.bias`, shape.slice(-1)) };
  };
  const block = (h: string): BlockWeights<T> => ({
    norm1: affine(`${h}.ln_1`, width),
    attention: {
      qkv: affine(`${h}.attn.c_attn`, width, 3 * width),
      project: affine(`${h}.attn.c_proj`, width, width),
    },
    norm2: affine(`${h}.ln_2`, width),
    mlp: {
      up: affine(`${h}.mlp.c_fc`, width, inner),
      down: affine(`${h}.mlp.c_proj`, inner, width),
    },
  });
  const tokens = make('wte.weight', [vocabSize, width]);
  return {
    tokens,
    positions: make('wpe.weight', [nPositions, width]),
    blocks: Array.from({ length: nLayer }, (_, layer) => block(`h.${layer}`)),
    lastNorm: affine('ln_f', width),
    head: config.tieWordEmbeddings ? tokens : make('lm_head.weight', [vocabSize, width]),
  };
}

/** Every weight's name and shape, in the order of use. */
export function parameterShapes(config: GPTConfig): Map<string, number[]> {
  const shapes = new Map<string, number[]>();
  arrangeWeights(config, (name, shape) => shapes.set(name, shape));
  return shapes;
}

type Values = Promise<Float32Array>;

/**
 * Initial values of each weight, as in GPT-2. Matrices and tables are normal with standard
 * deviation `initializerRange`, and 1/√(2 · nLayer) of that in the projections back into the
 * residual stream. Biases are 0, and gains of the layer norms 1.
 */
export function initialValues(config: GPTConfig, random: Random): Make<Values> {
  return async (name, shape) => {
    const values = new Float32Array(tf.util.sizeFromShape(shape));
    if (name.endsWith('.bias')) return values;
    if (shape.length === 1) return values.fill(1);
    const divisor = name.endsWith('c_proj.weight') ? Math.sqrt(2 * config.nLayer) : 1;
    return fillInParts(values, () => (config.initializerRange / divisor) * random.normal());
  };
}

/**
 * Makes the weights one by one, so that at most one is in memory twice; frees them all if one
 * fails, or if the cell is interrupted.
 */
export async function allocate(config: GPTConfig, values: Make<Values>): Promise<Parameters> {
  const parameters: Parameters = new Map();
  try {
    for (const [name, shape] of parameterShapes(config)) {
      await breathe();
      const numbers = await values(name, shape);
      parameters.set(name, variable(() => tf.tensor(numbers, shape), true));
    }
    return parameters;
  } catch (error) {
    parameters.forEach((weight) => weight.dispose());
    throw error;
  }
}
