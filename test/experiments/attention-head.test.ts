import { beforeAll, describe, expect, it } from 'vitest';
import { GPT, tf } from '../../lib/index';
import { attentionOf } from '../../lib/experiments/attention-head';
import * as plain from '../../lib/tensor/plain';
import * as plainAttention from '../../lib/tensor/causal-attention';

const ids = [3, 1, 4, 1, 5];
/**
 * Weights of at most 1 in float32, against sums in another order or in float64: they agree to about
 * 1e-7.
 */
const TOLERANCE = 1e-6;
const config = { nLayer: 2, nHead: 2, nEmbd: 8, nPositions: 6, vocabSize: 11,
  initializerRange: 0.5 };
let model: GPT;
beforeAll(async () => {
  model = await GPT.create(config, 5);
});
const softmax = (row: number[]): number[] => {
  const powers = row.map((value) => Math.exp(value - Math.max(...row)));
  return powers.map((value) => value / powers.reduce((a, b) => a + b));
};

/** What layer 1 mixes from its values, if each head's weights are those given. */
function mixedBy(weights: number[][][]): number[] {
  return tf.tidy(() => {
    const embedded = model.embed({ rows: [ids], positions: [[0, 1, 2, 3, 4]] });
    const x = model.walk(embedded, { blocks: 1 });
    const { norm1, attention: { qkv } } = model.weights.blocks[1]!;
    const normed = plain.layerNorm(x, norm1.weight, norm1.bias, 1e-5);
    const joined = plain.linear(normed, qkv.weight, qkv.bias); // [1, 5, 3·width]
    const [, , values] = plainAttention.splitHeads(joined, 2);
    const attended = tf.matMul(tf.tensor4d([weights]), values); // [1, head, 5, size]
    // a tensor for each head
    const wanted = tf.split(plainAttention.causalSelfAttention(joined, 2), 2, 2);
    return [...tf.sub(tf.squeeze(attended, [0]), tf.concat(wanted, 0)).dataSync()];
  });
}

describe('a look into a head', () => {
  it('shows the weights that the model mixes its values with', () => {
    const weights = [0, 1].map((head) => attentionOf(model, ids, { layer: 1, head }).weights);
    // sums of weights times values of a few units
    for (const difference of mixedBy(weights))
      expect(Math.abs(difference)).toBeLessThan(10 * TOLERANCE);
  });

  it('turns scores into weights by hiding what comes later and taking the softmax', () => {
    const { scores, weights } = attentionOf(model, ids, { layer: 0, head: 1 });
    scores.forEach((row, i) => {
      const wanted = softmax(row.slice(0, i + 1));
      weights[i]!.forEach((weight, j) =>
        expect(Math.abs(weight - (wanted[j] ?? 0))).toBeLessThan(TOLERANCE)
      );
      expect(weights[i]!.slice(i + 1).every((weight) => weight === 0)).toBe(true);
    });
  });

  it('without the mask lets every position take from every other', () => {
    const { scores, weights } = attentionOf(model, ids, { layer: 0, head: 1, causal: false });
    scores.forEach((row, i) =>
      softmax(row).forEach((weight, j) =>
        expect(Math.abs(weights[i]![j]! - weight)).toBeLessThan(TOLERANCE)
      )
    );
  });

  it('on a row with hidden padding shows what the same row has alone', () => {
    const alone = attentionOf(model, ids.slice(0, 4), { layer: 1, head: 0 });
    const padded = attentionOf(model, [0, 0, ...ids.slice(0, 4)], { layer: 1, head: 0,
      attentionMask: [0, 0, 1, 1, 1, 1], positionIds: [0, 0, 0, 1, 2, 3] });
    padded.weights.slice(2).forEach((row, i) => {
      expect(row.slice(0, 2)).toEqual([0, 0]);
      row.slice(2).forEach((weight, j) =>
        expect(Math.abs(weight - alone.weights[i]![j]!)).toBeLessThan(TOLERANCE)
      );
    });
    expect(() => attentionOf(model, ids, { layer: 0, head: 0, attentionMask: [1] })).toThrow(
      'attentionMask must have the shape [1, 5]',
    );
  });

  it('says which layers and heads there are, and keeps no tensor', () => {
    const before = tf.memory().numTensors;
    expect(() => attentionOf(model, ids, { layer: 2, head: 0 })).toThrow(
      'layer must be an integer from 0 to 1, got 2',
    );
    expect(() => attentionOf(model, ids, { layer: 0, head: -1 })).toThrow(
      'head must be an integer from 0 to 1, got -1',
    );
    attentionOf(model, ids, { layer: 1, head: 0 });
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
  });
});
