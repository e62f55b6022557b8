/**
 * A look into one attention head: what each position asks of each other, and what it takes
 * (16.2.3).
 */
import { attentionBias, attentionWeights, layerNorm, linear, splitHeads } from '../tensor/plain';
import { tf } from '../tensor/tf';
import { attentionScale } from '../model/config';
import type { ForwardOptions, GPT } from '../model/gpt';
import { checkGrid, checkInputIds } from '../model/inputs';

export interface AttentionView {
  /** Row i, column j: how well key j answers query i, before mask and softmax → [seq][seq]. */
  scores: number[][];
  /**
   * Row i, column j: the share of position j in what position i takes, after mask and softmax; rows
   * sum to 1 → [seq][seq].
   */
  weights: number[][];
}

/** Which head, and what the row holds beside its ids. */
export interface AttentionOfOptions extends Pick<ForwardOptions, 'causal'> {
  layer: number;
  head: number;
  /** [seq]: 0 hides padding, as in `forward` (16.5.2). Default: all real. */
  attentionMask?: readonly number[];
  /** [seq]: the place of each token. Default 0, 1, 2, … */
  positionIds?: readonly number[];
}

/**
 * Scores and weights of one head for one row of token ids [seq], with dropout off.
 * @throws RangeError if the model has no such layer or head, or the mask or the positions do not
 *   fit the ids
 */
export function attentionOf(
  model: GPT,
  ids: readonly number[],
  options: AttentionOfOptions,
): AttentionView {
  const { layer, head, causal = true, attentionMask, positionIds = [...ids.keys()] } = options;
  const { nLayer, nHead, layerNormEpsilon } = model.config;
  for (const [name, value, count] of [['layer', layer, nLayer], ['head', head, nHead]] as const) {
    if (!(Number.isInteger(value) && value >= 0 && value < count)) {
      throw new RangeError(`${name} must be a whole number from 0 to ${count - 1}, got ${value}`);
    }
  }
  checkInputIds([ids], model.config);
  checkGrid('positionIds', [positionIds], 1, ids.length, model.config.nPositions - 1);
  if (attentionMask) checkGrid('attentionMask', [attentionMask], 1, ids.length, 1);
  const weight = (name: string): tf.Tensor => model.parameters.get(`h.${layer}.${name}`)!;
  const scale = attentionScale(model.config, layer);
  return tf.tidy(() => {
    let x: tf.Tensor = model.embed(
      tf.tensor2d([[...ids]], undefined, 'int32'),
      tf.tensor2d([[...positionIds]], undefined, 'int32'),
    );
    const keyMask = attentionMask && tf.tensor2d([[...attentionMask]]);
    for (let below = 0; below < layer; below++)
      x = model.block(below, x, { causal, keyMask, training: false });
    const normed = layerNorm(
      x,
      weight('ln_1.weight') as tf.Tensor1D,
      weight('ln_1.bias') as tf.Tensor1D,
      layerNormEpsilon,
    );
    const qkv = linear(
      normed,
      weight('attn.c_attn.weight') as tf.Tensor2D,
      weight('attn.c_attn.bias') as tf.Tensor1D,
    );
    const [queries, keys] = splitHeads(qkv as tf.Tensor3D, nHead); // [1, head, seq, size]
    const scores = tf.mul(tf.matMul(queries, keys, false, true), scale) as tf.Tensor4D;
    const weights = attentionWeights(
      queries,
      keys,
      attentionBias(ids.length, { causal, keyMask }),
      scale,
    );
    return { scores: scores.arraySync()[0]![head]!, weights: weights.arraySync()[0]![head]! };
  });
}
