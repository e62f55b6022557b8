/** The scores and the weights of one attention head (16.2.3). */
import { checkBoolean, checkInteger, checkNames } from '../base/checks';
import { checkGrid } from '../base/row-checks';
import { attentionScale } from '../model/config';
import type { ForwardOptions, GPT } from '../model/gpt';
import { checkInputIds } from '../model/inputs';
import { layerNorm, linear } from '../tensor/plain';
import { attentionBias, attentionWeights, splitHeads } from '../tensor/causal-attention';
import { tf } from '../tensor/tf';

export interface AttentionView {
  /** Row i, column j: how well key j matches query i, before mask and softmax → [seq][seq]. */
  scores: number[][];
  /**
   * Row i, column j: the weight of value j in the output at position i, after mask and softmax;
   * rows sum to 1 → [seq][seq].
   */
  weights: number[][];
}

/** Which head, and what describes the row besides its ids. */
export interface AttentionOfOptions extends Pick<ForwardOptions, 'causal'> {
  layer: number;
  head: number;
  /** [seq]: 0 hides padding, as in `forward` (16.5.2). Default: all real. */
  attentionMask?: readonly number[];
  /** [seq]: the position of each token. Default 0, 1, 2, … */
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
  checkNames('option', options, [...NAMES, 'head']);
  const { head, ...ofLayer } = options;
  checkInteger('head', head, { from: 0, to: model.config.nHead - 1 });
  return attentionOfLayer(model, ids, ofLayer)[head]!;
}

/** The options of {@link attentionOfLayer}. */
const NAMES = ['layer', 'causal', 'attentionMask', 'positionIds'];

/**
 * The same for every head of a layer → [head].
 * @throws RangeError as {@link attentionOf}
 */
export function attentionOfLayer(
  model: GPT,
  ids: readonly number[],
  options: Omit<AttentionOfOptions, 'head'>,
): AttentionView[] {
  checkNames('option', options, NAMES);
  const { layer, causal = true, attentionMask, positionIds = [...ids.keys()] } = options;
  checkBoolean('causal', causal);
  const { nLayer, nHead, nPositions, layerNormEpsilon } = model.config;
  checkInteger('layer', layer, { from: 0, to: nLayer - 1 });
  checkInputIds([ids], model.config);
  checkGrid('positionIds', [positionIds], [1, ids.length], nPositions - 1);
  if (attentionMask) checkGrid('attentionMask', [attentionMask], [1, ids.length], 1);
  const scale = attentionScale(model.config, layer);
  const { norm1, attention } = model.weights.blocks[layer]!;
  return tf.tidy(() => {
    const keyMask = attentionMask && tf.tensor2d([[...attentionMask]]);
    const before = model.walk(model.embed({ rows: [ids], positions: [positionIds] }), { causal,
      keyMask, blocks: layer });
    const normed = layerNorm(before, norm1.weight, norm1.bias, layerNormEpsilon);
    const joined = linear(normed, attention.qkv.weight, attention.qkv.bias); // [1, seq, 3·width]
    const [queries, keys] = splitHeads(joined, nHead); // [1, head, seq, size]
    const scores = tf.mul(tf.matMul(queries, keys, false, true), scale);
    const weights = attentionWeights(
      queries,
      keys,
      attentionBias(ids.length, { causal, keyMask }),
      scale,
    );
    const [ofScores, ofWeights] = [scores, weights].map((all) =>
      (all.arraySync() as number[][][][])[0]! // [head][seq][seq]
    );
    return ofScores!.map((each, head) => ({ scores: each, weights: ofWeights![head]! }));
  });
}
