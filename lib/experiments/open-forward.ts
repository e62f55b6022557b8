/**
 * The walk of `GPT.forward` with what servers change and what projects get wrong in the open
 * (16.5, 16.6): the cache is a list that a cell may edit, the score of closed cells, the format of
 * numbers and the kind of positions are options, and several texts may share a row. Slow, and
 * without dropout; tests hold it equal to `GPT.forward`. Gradients flow in float32
 * without `cacheBits`.
 */
import { check, checkBoolean, checkInteger, checkNames } from '../base/checks';
import { checkGrid } from '../base/row-checks';
import { attentionScale } from '../model/config';
import type { GPT } from '../model/gpt';
import { checkInputIds } from '../model/inputs';
import type { Affine } from '../model/weights';
import { splitHeads } from '../tensor/causal-attention';
import * as ops from '../tensor/ops';
import { tf } from '../tensor/tf';
import type { Rows } from '../text/tokenizer';
import { checkFormat, type NumberFormat, quantized, rounded } from './number-formats';
import { rotate } from './rotary';

/** Keys and values of one layer: a tensor [batch, head, tokens, size] for each pass. */
export type PassCache = Record<'keys' | 'values', tf.Tensor4D[]>[];

/** Options of {@link openForward}; shapes as in `GPT.forward`. */
export interface OpenOptions {
  /** [batch, past + seq] of 1 and 0: 0 hides padding. Default: all real. */
  attentionMask?: Rows;
  /**
   * [batch, past + seq]: a number for the text that each token belongs to; tokens of different
   * texts do not read each other. Default: one text.
   */
  documents?: Rows;
  /** [batch, seq], or one row for all. Default: from the number of tokens in the cache on. */
  positionIds?: Rows;
  /** From {@link openCache}. The pass appends its keys and values. */
  cache?: PassCache;
  /** What is added to the score of a cell that is closed. Default −1e30; −Infinity gives NaN. */
  closedScore?: number;
  /**
   * Weights and the results of all operations have this format; scores, softmax and the sums inside
   * of a product stay float32, as in fused kernels. Default float32.
   */
  format?: NumberFormat;
  /**
   * The sum inside of a linear layer is added up in this many parts, each rounded to `format`: so
   * GPUs split the work of a small batch, and for a large one they do not. Default 1.
   */
  sumParts?: number;
  /** Bits of a number of the cache, 2 to 16, with one scale for a head's vector. Default: all. */
  cacheBits?: number;
  /** Rotary positions; the table of learned ones is left out. Default false. */
  rotary?: boolean;
}

const NAMES = [
  'attentionMask',
  'documents',
  'positionIds',
  'cache',
  'closedScore',
  'format',
  'sumParts',
  'cacheBits',
  'rotary',
  'inputIds',
  'isPadded',
];

/** An empty cache for {@link openForward}. */
export function openCache(model: GPT): PassCache {
  return model.weights.blocks.map(() => ({ keys: [], values: [] }));
}

/**
 * One pass: `inputIds` [batch, seq] → logits [batch, seq, vocab]. It keeps what it makes, so call
 * it inside of `tf.tidy`, together with the later passes that read the same cache.
 * @throws RangeError on ids, masks, texts or positions that do not fit, or an unknown option
 */
export function openForward(
  model: GPT,
  inputIds: Rows,
  options: OpenOptions = {},
): tf.Tensor3D {
  checkNames('option', options, NAMES);
  const { cache = openCache(model), format = 'float32', sumParts = 1, cacheBits, rotary = false } =
    options;
  const { weights, config } = model;
  const past = cache[0]!.keys.reduce((sum, { shape }) => sum + shape[2], 0);
  const [batch, seq] = [inputIds.length, inputIds[0]?.length ?? 0];
  const { positionIds = [Array.from({ length: seq }, (_, t) => past + t)] } = options;
  checkInputIds(inputIds, config, past);
  checkGrid(
    'positionIds',
    positionIds,
    [positionIds.length === 1 ? 1 : batch, seq],
    rotary ? Number.MAX_SAFE_INTEGER : config.nPositions - 1,
  );
  checkBoolean('rotary', rotary);
  checkFormat(format);
  checkInteger('sumParts', sumParts, { from: 1 });
  check(config.nEmbd % sumParts === 0, 'sumParts', `a divisor of ${config.nEmbd}`, sumParts);
  if (cacheBits !== undefined) checkInteger('cacheBits', cacheBits, { from: 2, to: 16 });

  const round = <T extends tf.Tensor>(x: T): T => format === 'float32' ? x : rounded(x, format);
  const store = (x: tf.Tensor4D): tf.Tensor4D => cacheBits ? quantized(x, cacheBits) : x;
  const vectors = (table: tf.Tensor, ids: Rows): tf.Tensor =>
    round(ops.embedding(table, tf.tensor2d(ids as number[][], undefined, 'int32')));
  const linear = (x: tf.Tensor, { weight, bias }: Affine): tf.Tensor => {
    const [matrix, shift] = [round<tf.Tensor>(weight), round<tf.Tensor>(bias)];
    if (sumParts === 1) return round(ops.linear(x, matrix, shift));
    const parts = tf.split(matrix, sumParts); // [in / parts, out] each
    return tf.split(x, sumParts, 2).map((part, n) =>
      round(ops.linear(part, parts[n]!, n === 0 ? shift : tf.zerosLike(shift)))
    ).reduce((sum, part) => round(tf.add(sum, part)));
  };
  const norm = (x: tf.Tensor, { weight, bias }: Affine): tf.Tensor =>
    round(
      ops.layerNorm(x, round<tf.Tensor>(weight), round<tf.Tensor>(bias), config.layerNormEpsilon),
    );
  const bias = biasOf([batch, seq, past], options);

  let x = vectors(weights.tokens, inputIds);
  if (!rotary) x = round(tf.add(x, vectors(weights.positions, positionIds)));
  weights.blocks.forEach(({ norm1, attention, norm2, mlp }, layer) => {
    const heads = splitHeads(linear(norm(x, norm1), attention.qkv), config.nHead);
    const [query, key] = rotary
      ? heads.slice(0, 2).map((each) => round(rotate(each, positionIds)))
      : heads;
    const { keys, values } = cache[layer]!;
    keys.push(store(key!));
    values.push(store(heads[2]));
    const scores = tf.mul(
      tf.matMul(query!, tf.concat(keys, 2), false, true),
      attentionScale(config, layer),
    ); // [batch, head, seq, past + seq]
    const shares = tf.softmax(bias ? tf.add(scores, bias) : scores);
    const mixed = round(tf.matMul(shares as tf.Tensor4D, tf.concat(values, 2)));
    const merged = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), x.shape);
    x = round(tf.add(x, linear(merged, attention.project)));
    x = round(tf.add(x, linear(round(ops.gelu(linear(norm(x, norm2), mlp.up))), mlp.down)));
  });
  return round(ops.head(norm(x, weights.lastNorm), round<tf.Tensor>(weights.head)));
}

/** What is added to the scores [batch, 1, seq, past + seq]; nothing if all cells are open. */
function biasOf(
  [batch, seq, past]: [number, number, number],
  { attentionMask, documents, closedScore = -1e30 }: OpenOptions,
): tf.Tensor4D | undefined {
  if (attentionMask) checkGrid('attentionMask', attentionMask, [batch, past + seq], 1);
  if (documents) {
    checkGrid('documents', documents, [batch, past + seq], Number.MAX_SAFE_INTEGER);
  }
  if (seq === 1 && !attentionMask && !documents) return undefined;
  const isOpen = (b: number, i: number, j: number): boolean =>
    j <= past + i && attentionMask?.[b]![j] !== 0
    && documents?.[b]![j] === documents?.[b]![past + i];
  const range = (length: number): number[] => [...Array(length).keys()];
  return tf.tensor4d(
    range(batch).map((b) => [
      range(seq).map((i) => range(past + seq).map((j) => isOpen(b, i, j) ? 0 : closedScore)),
    ]),
  );
}
