/**
 * Self-attention on the queries, keys and values as GPT-2's linear layer leaves them: [batch, seq,
 * 3·width], the heads side by side. There are no transposed copies and no [seq, seq] matrices for
 * all heads: each head of each row of the batch is one tile of work, computed in blocks of queries.
 * Under the causal mask, keys after a block are skipped.
 */
import { arg, argF, own, parallel, pointer, setArg, setArgF } from './threads';
import { multiplyHere, packHere, spaceForA } from './gemm';
import { sumOf } from './simd';
import { largest, scale, softmax } from './softmax';
import { OP_ATTEND, OP_ATTEND_BACK } from './names';

/** Queries in one block. */
const BLOCK: i32 = 40;
const HEAVY: f64 = 200000;

function setUp(qkv: usize, batch: i32, seq: i32, width: i32, nHead: i32, factor: f32,
  keyMask: usize, causal: bool, keep: usize): void
{
  setArg(0, <i32> qkv);
  setArg(1, batch);
  setArg(2, seq);
  setArg(3, width);
  setArg(4, nHead);
  setArgF(5, factor);
  setArg(6, <i32> keyMask);
  setArg(7, causal ? 1 : 0);
  setArg(8, <i32> keep);
}

/**
 * out [batch, seq, width]. `keyMask` [batch, seq] is 0 or the float32 1s and 0s of tokens and
 * padding; `keep` is 0 or dropout's factors [batch, head, seq, seq].
 */
export function attend(qkv: usize, out: usize, batch: i32, seq: i32, width: i32, nHead: i32,
  factor: f32, keyMask: usize, causal: bool, keep: usize): void
{
  setUp(qkv, batch, seq, width, nHead, factor, keyMask, causal, keep);
  setArg(9, <i32> out);
  parallel(OP_ATTEND, batch * nHead, <f64> batch * seq * seq * width > HEAVY);
}

/** dqkv from dout. The weights are not saved by {@link attend} but computed again. */
export function attendBack(qkv: usize, dout: usize, dqkv: usize, batch: i32, seq: i32, width: i32,
  nHead: i32, factor: f32, keyMask: usize, causal: bool, keep: usize): void
{
  setUp(qkv, batch, seq, width, nHead, factor, keyMask, causal, keep);
  setArg(9, <i32> dout);
  setArg(10, <i32> dqkv);
  parallel(OP_ATTEND_BACK, batch * nHead, <f64> batch * seq * seq * width > HEAVY);
}

/**
 * Bytes of scratch memory that each thread needs: two blocks of weights, A's panels, and four
 * packed matrices.
 */
export function attentionSpace(seq: i32, size: i32): usize {
  return 2 * blockSpace(seq) + panelSpace(seq, size) + 4 * packedSpace(seq, size);
}

// @ts-ignore: decorator
@inline
function rounded(seq: i32): i32 {
  return (seq + 7) & ~7;
}

// @ts-ignore: decorator
@inline
function blockSpace(seq: i32): usize {
  return <usize> (BLOCK * rounded(seq)) << 2;
}

// @ts-ignore: decorator
@inline
function panelSpace(seq: i32, size: i32): usize {
  return spaceForA(max(max(rounded(seq), size), BLOCK));
}

/** Enough for [size, seq] and for [seq, size]. */
// @ts-ignore: decorator
@inline
function packedSpace(seq: i32, size: i32): usize {
  return <usize> (max(rounded(seq), BLOCK) * rounded(size)) << 2;
}

/**
 * The most keys that a query in [first, last) attends to: all of them if one of these queries has
 * no real key.
 */
function visible(first: i32, last: i32, seq: i32, mask: usize, causal: bool): i32 {
  if (!causal) return seq;
  return mask && realKeys(mask, first + 1) == 0 ? seq : last;
}

function realKeys(mask: usize, n: i32): i32 {
  let count = 0;
  for (let j = 0; j < n; j++) count += load<f32>(mask + (<usize> j << 2)) != 0 ? 1 : 0;
  return count;
}

/**
 * Attention weights [last − first, seen] of a block of queries, rows `stride` apart. A query
 * without a real key gives all keys of the row the same weight, as the plain form does.
 */
function weigh(q: usize, ld: i32, packedKeys: usize, weights: usize, stride: i32, first: i32,
  last: i32, seen: i32, size: i32, seq: i32, mask: usize, causal: bool, factor: f32,
  spaceA: usize): void
{
  multiplyHere(q + <usize> first * (<usize> ld << 2), ld, 1, packedKeys, size, weights, stride,
    last - first, seen, size, false, spaceA);
  for (let i = first; i < last; i++) {
    const row = weights + <usize> (i - first) * (<usize> stride << 2);
    const keys = causal ? i + 1 : seq;
    if (mask && realKeys(mask, keys) == 0) {
      for (let j = 0; j < seq; j++) store<f32>(row + (<usize> j << 2), <f32> 1 / <f32> seq);
      continue;
    }
    scale(row, keys, factor);
    if (mask) {
      for (let j = 0; j < keys; j++)
        if (load<f32>(mask + (<usize> j << 2)) == 0) store<f32>(row + (<usize> j << 2), -1e9);
    }
    softmax(row, row, keys, largest(row, keys));
    for (let j = keys; j < seen; j++) store<f32>(row + (<usize> j << 2), 0);
  }
}

/** Multiplies a block of weights by dropout's factors. */
function drop(weights: usize, stride: i32, keep: usize, seq: i32, first: i32, last: i32,
  seen: i32): void
{
  for (let i = first; i < last; i++) {
    const row = weights + <usize> (i - first) * (<usize> stride << 2);
    const factors = keep + <usize> i * (<usize> seq << 2);
    for (let j = 0; j < seen; j++) {
      const o = <usize> j << 2;
      store<f32>(row + o, load<f32>(row + o) * load<f32>(factors + o));
    }
  }
}

export function attendTile(at: i32): void {
  const seq = arg(2), width = arg(3), nHead = arg(4), causal = arg(7) != 0;
  const b = at / nHead;
  const h = at % nHead;
  const size = width / nHead;
  const ld = 3 * width;
  const stride = rounded(seq);
  const q = pointer(0) + ((<usize> (b * seq) * ld + h * size) << 2);
  const k = q + (<usize> width << 2);
  const v = k + (<usize> width << 2);
  const out = pointer(9) + ((<usize> (b * seq) * width + h * size) << 2);
  const mask = pointer(6) ? pointer(6) + (<usize> (b * seq) << 2) : 0;
  const keep = pointer(8) ? pointer(8) + ((<usize> at * seq * seq) << 2) : 0;
  const weights = own();
  const spaceA = weights + blockSpace(seq);
  const keys = spaceA + panelSpace(seq, size);
  const values = keys + packedSpace(seq, size);
  packHere(k, 1, ld, size, seq, keys);
  packHere(v, ld, 1, seq, size, values);
  for (let first = 0; first < seq; first += BLOCK) {
    const last = min(first + BLOCK, seq);
    const seen = visible(first, last, seq, mask, causal);
    weigh(q, ld, keys, weights, stride, first, last, seen, size, seq, mask, causal, argF(5),
      spaceA);
    if (keep) drop(weights, stride, keep, seq, first, last, seen);
    multiplyHere(weights, stride, 1, values, seq, out + <usize> first * (<usize> width << 2), width,
      last - first, size, seen, false, spaceA);
  }
}

export function attendBackTile(at: i32): void {
  const seq = arg(2), width = arg(3), nHead = arg(4), causal = arg(7) != 0, factor = argF(5);
  const b = at / nHead;
  const h = at % nHead;
  const size = width / nHead;
  const ld = 3 * width;
  const stride = rounded(seq);
  const bytes = <usize> width << 2;
  const offset = (<usize> (b * seq) * ld + h * size) << 2;
  const q = pointer(0) + offset, k = q + bytes, v = k + bytes;
  const dq = pointer(10) + offset, dk = dq + bytes, dv = dk + bytes;
  const dout = pointer(9) + ((<usize> (b * seq) * width + h * size) << 2);
  const mask = pointer(6) ? pointer(6) + (<usize> (b * seq) << 2) : 0;
  const keep = pointer(8) ? pointer(8) + ((<usize> at * seq * seq) << 2) : 0;
  const weights = own();
  const dweights = weights + blockSpace(seq);
  const spaceA = dweights + blockSpace(seq);
  const keysAcross = spaceA + panelSpace(seq, size); // [size, seq]
  const keys = keysAcross + packedSpace(seq, size); // [seq, size]
  const valuesAcross = keys + packedSpace(seq, size); // [size, seq]
  const block = valuesAcross + packedSpace(seq, size); // a block of queries, then of dout
  packHere(k, 1, ld, size, seq, keysAcross);
  packHere(k, ld, 1, seq, size, keys);
  packHere(v, 1, ld, size, seq, valuesAcross);
  for (let i = 0; i < seq; i++) {
    memory.fill(dk + <usize> i * (<usize> ld << 2), 0, <usize> size << 2);
    memory.fill(dv + <usize> i * (<usize> ld << 2), 0, <usize> size << 2);
  }
  for (let first = 0; first < seq; first += BLOCK) {
    const last = min(first + BLOCK, seq);
    const n = last - first;
    const seen = visible(first, last, seq, mask, causal);
    const d = dout + <usize> first * bytes;
    const down = <usize> first * (<usize> ld << 2);
    weigh(q, ld, keysAcross, weights, stride, first, last, seen, size, seq, mask, causal, factor,
      spaceA);
    multiplyHere(d, width, 1, valuesAcross, size, dweights, stride, n, seen, size, false, spaceA);
    if (keep) drop(dweights, stride, keep, seq, first, last, seen);
    softmaxBack(weights, dweights, stride, n, seen, factor);
    multiplyHere(dweights, stride, 1, keys, seq, dq + down, ld, n, size, seen, false, spaceA);
    packHere(q + down, ld, 1, n, size, block);
    multiplyHere(dweights, 1, stride, block, n, dk, ld, seen, size, n, true, spaceA);
    if (keep) drop(weights, stride, keep, seq, first, last, seen);
    packHere(d, width, 1, n, size, block);
    multiplyHere(weights, 1, stride, block, n, dv, ld, seen, size, n, true, spaceA);
  }
}

/** dweights ← weights · (dweights − Σ weights · dweights) · factor, row by row. */
function softmaxBack(weights: usize, dweights: usize, stride: i32, rows: i32, n: i32,
  factor: f32): void
{
  for (let r = 0; r < rows; r++) {
    let sum4 = f32x4.splat(0);
    let i = 0;
    for (; i + 4 <= n; i += 4) {
      const o = <usize> i << 2;
      sum4 = f32x4.add(sum4, f32x4.mul(v128.load(weights + o), v128.load(dweights + o)));
    }
    let sum = sumOf(sum4);
    for (; i < n; i++)
      sum += load<f32>(weights + (<usize> i << 2)) * load<f32>(dweights + (<usize> i << 2));
    const mean = f32x4.splat(sum);
    const factor4 = f32x4.splat(factor);
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      const o = <usize> j << 2;
      v128.store(dweights + o,
        f32x4.mul(f32x4.mul(v128.load(weights + o), f32x4.sub(v128.load(dweights + o), mean)),
          factor4));
    }
    for (; j < n; j++) {
      const o = <usize> j << 2;
      store<f32>(dweights + o, load<f32>(weights + o) * (load<f32>(dweights + o) - sum) * factor);
    }
    weights += <usize> stride << 2;
    dweights += <usize> stride << 2;
  }
}
