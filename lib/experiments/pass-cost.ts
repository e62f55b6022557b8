/**
 * What a forward pass costs, counted from shapes alone (16.6.2): arithmetic and memory traffic, no
 * clock.
 */
import type { GPTConfig } from '../model/config';
import { parameterShapes } from '../model/weights';
import type { Pass } from './passes';

/** Bytes of a float32. */
const FLOAT = 4;

export interface PassCost {
  /**
   * Multiplications and additions in all matrix products: 2 · m · k · n for [m, k] times [k, n].
   * Layer norms, softmax and GELU, a few percent, are left out; masked attention scores are
   * counted, as they are computed and then hidden.
   */
  flops: number;
  /**
   * Weights that the pass reads, each once: all of them but the tables, of which it reads the rows
   * of its tokens.
   */
  weightBytes: number;
  /** Keys and values that it reads from and writes into a cache; 0 without one. */
  cacheBytes: number;
  /** Logits that it writes. */
  logitBytes: number;
  /**
   * The three together: the least that memory must move. What a pass computes and uses up again is
   * not in it.
   */
  bytes: number;
}

/**
 * The cost of one pass over `batch` rows of `seq` tokens, of which the last `kept` become logits.
 * With a cache, `past` tokens came before. `watchPasses` gives real passes in this form. A backward
 * pass costs twice the forward's FLOPs: one product for the gradient of the input, one for that of
 * the weight (Kaplan et al. 2020, section 2.1).
 * @throws RangeError if `batch`, `seq`, `kept` or `past` is not a whole number that a pass can have
 */
export function passCost(config: GPTConfig, { batch, seq, kept, past }: Pass): PassCost {
  for (
    const [name, value, least] of [['batch', batch, 1], ['seq', seq, 1], ['kept', kept, 1], [
      'past',
      past ?? 0,
      0,
    ]] as const
  ) {
    if (!Number.isInteger(value) || value < least)
      throw new RangeError(`${name} must be a whole number of at least ${least}, got ${value}`);
  }
  if (kept > seq) throw new RangeError(`kept must be at most seq, ${seq}, got ${kept}`);
  const { nLayer, nEmbd: width, vocabSize } = config;
  const inner = config.nInner ?? 4 * width;
  const product = (m: number, k: number, n: number): number => 2 * m * k * n;
  const rows = batch * seq;
  const total = (past ?? 0) + seq;
  const linear = product(rows, width, 3 * width) + product(rows, width, width)
    + 2 * product(rows, width, inner);
  // scores, then the mix of values; the heads share the width
  const attention = 2 * product(rows, width, total);
  const flops = nLayer * (linear + attention) + product(batch * kept, width, vocabSize);

  const head = config.tieWordEmbeddings ? 'wte.weight' : 'lm_head.weight';
  const tables = ['wte.weight', 'wpe.weight'].filter((name) => name !== head);
  let weights = tables.length * rows * width;
  for (const [name, shape] of parameterShapes(config)) {
    if (!tables.includes(name)) weights += shape.reduce((a, b) => a * b, 1);
  }
  const weightBytes = FLOAT * weights;
  const cacheBytes = past === undefined ? 0 : FLOAT * 2 * nLayer * batch * total * width;
  const logitBytes = FLOAT * batch * kept * vocabSize;
  return { flops, weightBytes, cacheBytes, logitBytes,
    bytes: weightBytes + cacheBytes + logitBytes };
}
