/** The weights of a GPT-2: their names and shapes, their first values, and memory for them. */
import type { Random } from '../base/random';
import { tf } from '../tensor/tf';
import type { GPTConfig } from './config';

/** The weights by name, as Hugging Face names them, without the `transformer.` in front. */
export type Parameters = Map<string, tf.Variable>;

/**
 * Every weight's name and shape, in the order in which they are used. Matrices are [in, out], as
 * GPT-2 stores them.
 */
export function parameterShapes(config: GPTConfig): Map<string, number[]> {
  const { nEmbd: width, nLayer, nPositions, vocabSize, tieWordEmbeddings } = config;
  const inner = config.nInner ?? 4 * width;
  const shapes = new Map<string, number[]>([['wte.weight', [vocabSize, width]], ['wpe.weight', [
    nPositions,
    width,
  ]]]);
  const norm = (name: string): void =>
    void shapes.set(`${name}.weight`, [width]).set(`${name}.bias`, [width]);
  const linear = (name: string, from: number, to: number): void =>
    void shapes.set(`${name}.weight`, [from, to]).set(`${name}.bias`, [to]);
  for (let layer = 0; layer < nLayer; layer++) {
    norm(`h.${layer}.ln_1`);
    linear(`h.${layer}.attn.c_attn`, width, 3 * width);
    linear(`h.${layer}.attn.c_proj`, width, width);
    norm(`h.${layer}.ln_2`);
    linear(`h.${layer}.mlp.c_fc`, width, inner);
    linear(`h.${layer}.mlp.c_proj`, inner, width);
  }
  norm('ln_f');
  if (!tieWordEmbeddings) shapes.set('lm_head.weight', [vocabSize, width]);
  return shapes;
}

/**
 * First values of one weight, as GPT-2 starts: matrices and tables normal with `initializerRange`,
 * the projections back into the residual stream 1/√(2 · nLayer) of that, biases 0, gains of the
 * layer norms 1.
 */
export function initialValues(
  name: string,
  shape: readonly number[],
  config: GPTConfig,
  random: Random,
): Float32Array {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  if (name.endsWith('.bias')) return values;
  if (shape.length === 1) return values.fill(1);
  const deviation = config.initializerRange
    / (name.endsWith('c_proj.weight') ? Math.sqrt(2 * config.nLayer) : 1);
  for (let i = 0; i < values.length; i++) values[i] = deviation * random.normal();
  return values;
}

/**
 * Makes the weights one by one, so that never more than one is in memory twice; frees them all if
 * one fails.
 */
export async function allocate(
  config: GPTConfig,
  valuesOf: (name: string, shape: number[]) => Float32Array | Promise<Float32Array>,
): Promise<Parameters> {
  const parameters: Parameters = new Map();
  try {
    for (const [name, shape] of parameterShapes(config)) {
      const values = await valuesOf(name, shape);
      parameters.set(name, tf.tidy(() => tf.variable(tf.tensor(values, shape))));
    }
  } catch (error) {
    for (const weight of parameters.values()) weight.dispose();
    throw error;
  }
  return parameters;
}
