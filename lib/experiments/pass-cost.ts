/**
 * The cost of a forward pass, calculated from shapes and not measured (16.6.3): arithmetic and
 * memory traffic. 16.6 compares it with measured times. The count of FLOPs follows Kaplan et al.
 * 2020, section 2.1.
 */
import { checkInteger, checkNames } from '../base/checks';
import type { GPTConfig } from '../model/config';
import { parameterShapes } from '../model/weights';
import type { Pass } from './watch-passes';

/** Bytes of a float32. */
const FLOAT = 4;

export interface CostOfPass {
  /**
   * Multiplications and additions in all matrix products: 2 · m · k · n for [m, k] times [k, n].
   * Layer norms, softmax and GELU, a few percent, are left out. Masked attention scores are
   * counted, because the plain form computes them and then hides them.
   */
  flops: number;
  /**
   * Weights that the pass reads, each once. Of a table that is not the head, only the rows of its
   * tokens are counted.
   */
  weightBytes: number;
  /** Keys and values that it reads from the cache and writes into it; 0 without a cache. */
  cacheBytes: number;
  /** Logits that it writes. */
  logitBytes: number;
  /** Their sum: the least memory traffic of the pass, without intermediate results. */
  bytes: number;
}

/**
 * The cost of one pass over `batch` rows of `seq` tokens, with logits at the last `kept` positions.
 * With a cache, `past` tokens came before. `watchPasses` gives real passes in this form. A backward
 * pass costs twice the FLOPs of the forward pass: one product for the gradient of the input, one
 * for that of the weight.
 * @throws RangeError if `batch`, `seq`, `kept` or `past` is not an integer, or out of range, or on
 *   a size of a different name
 */
export function passCost(config: GPTConfig, pass: Pass): CostOfPass {
  checkNames('size', pass, ['batch', 'seq', 'kept', 'past']);
  const { batch, seq, kept, past } = pass;
  checkInteger('batch', batch, { from: 1 });
  checkInteger('seq', seq, { from: 1 });
  checkInteger('kept', kept, { from: 1, to: seq });
  if (past !== undefined) checkInteger('past', past, { from: 0 });
  const { nLayer, nEmbd: width, vocabSize } = config;
  const inner = config.nInner ?? 4 * width;
  const product = (m: number, k: number, n: number): number => 2 * m * k * n;
  const rows = batch * seq;
  const total = (past ?? 0) + seq;
  const linear = product(rows, width, 3 * width) + product(rows, width, width)
    + 2 * product(rows, width, inner);
  // scores, then the weighted sum of values; the heads share the width
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
