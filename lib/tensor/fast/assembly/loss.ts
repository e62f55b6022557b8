/** The two ends of a language model: rows of a table, and cross-entropy, each with its gradient. */
import { arg, parallel, pointer, setArg } from './threads';
import { log1 } from './simd';
import { largest, scale, softmax } from './softmax';
import { OP_CROSS_ENTROPY, OP_SCATTER } from './names';

const ROWS: i32 = 32;
const COLUMNS: i32 = 64;
const HEAVY: i32 = 20000;

/**
 * losses[r] = −log softmax(logits[r])[targets[r]] (float64), and probabilities [n, vocab] for the
 * gradient. A target outside the vocabulary gives NaN.
 */
export function crossEntropy(logits: usize, targets: usize, probabilities: usize, losses: usize,
  n: i32, vocab: i32): void
{
  setArg(0, <i32> logits);
  setArg(1, <i32> targets);
  setArg(2, <i32> probabilities);
  setArg(3, <i32> losses);
  setArg(4, n);
  setArg(5, vocab);
  parallel(OP_CROSS_ENTROPY, (n + ROWS - 1) / ROWS, <f64> n * <f64> vocab > <f64> HEAVY);
}

export function crossEntropyTile(at: i32): void {
  const vocab = arg(5);
  const last = min((at + 1) * ROWS, arg(4));
  for (let r = at * ROWS; r < last; r++) {
    const offset = <usize> r * (<usize> vocab << 2);
    const target = load<i32>(pointer(1) + (<usize> r << 2));
    const logits = pointer(0) + offset;
    const most = largest(logits, vocab);
    const sum = softmax(logits, pointer(2) + offset, vocab, most);
    const inside = target >= 0 && target < vocab;
    const loss = inside
      ? log1(<f64> sum) - (<f64> load<f32>(logits + (<usize> target << 2)) - <f64> most)
      : NaN;
    store<f64>(pointer(3) + (<usize> r << 3), loss);
  }
}

/** The mean of `n` float64 losses, added up in order, as float32 at `out`. */
export function meanLoss(losses: usize, n: i32, out: usize): void {
  let sum: f64 = 0;
  for (let r = 0; r < n; r++) sum += load<f64>(losses + (<usize> r << 3));
  store<f32>(out, <f32> (sum / <f64> n));
}

/** dlogits = (probabilities − 1 at the target) · dloss / n, where `dloss` points to a float32. */
export function crossEntropyBack(probabilities: usize, targets: usize, dloss: usize, dlogits: usize,
  n: i32, vocab: i32): void
{
  const factor = load<f32>(dloss) / <f32> n;
  for (let r = 0; r < n; r++) {
    const offset = <usize> r * (<usize> vocab << 2);
    memory.copy(dlogits + offset, probabilities + offset, <usize> vocab << 2);
    const target = load<i32>(targets + (<usize> r << 2));
    if (target >= 0 && target < vocab) {
      const at = dlogits + offset + (<usize> target << 2);
      store<f32>(at, load<f32>(at) - 1);
    }
    scale(dlogits + offset, vocab, factor);
  }
}

/** out[r] = table[ids[r]], rows of `width`. */
export function gatherRows(table: usize, ids: usize, out: usize, n: i32, width: i32): void {
  const bytes = <usize> width << 2;
  for (let r = 0; r < n; r++)
    memory.copy(out + <usize> r * bytes, table + <usize> load<i32>(ids + (<usize> r << 2)) * bytes,
      bytes);
}

/** dtable [vocab, width] = 0, then dtable[ids[r]] += dy[r] in the order of r. */
export function scatterRows(dy: usize, ids: usize, dtable: usize, n: i32, width: i32,
  vocab: i32): void
{
  memory.fill(dtable, 0, <usize> vocab * (<usize> width << 2));
  setArg(0, <i32> dy);
  setArg(1, <i32> ids);
  setArg(2, <i32> dtable);
  setArg(3, n);
  setArg(4, width);
  parallel(OP_SCATTER, (width + COLUMNS - 1) / COLUMNS, n * width > HEAVY);
}

export function scatterTile(at: i32): void {
  const width = arg(4), n = arg(3), ids = pointer(1);
  const first = at * COLUMNS;
  const last = min(first + COLUMNS, width);
  const bytes = <usize> width << 2;
  for (let r = 0; r < n; r++) {
    const from = pointer(0) + <usize> r * bytes;
    const to = pointer(2) + <usize> load<i32>(ids + (<usize> r << 2)) * bytes;
    let j = first;
    for (; j + 4 <= last; j += 4) {
      const offset = <usize> j << 2;
      v128.store(to + offset, f32x4.add(v128.load(to + offset), v128.load(from + offset)));
    }
    for (; j < last; j++) {
      const offset = <usize> j << 2;
      store<f32>(to + offset, load<f32>(to + offset) + load<f32>(from + offset));
    }
  }
}
