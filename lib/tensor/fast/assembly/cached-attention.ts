/**
 * The kernels for decoding other than matrix products: embeddings of single tokens, and attention
 * to cached keys and values.
 */
import { arg, argF, own, parallel, pointer, setArg, setArgF } from './threads';
import { dot } from './simd';
import { largest, softmax } from './softmax';
import { addTimes } from './linear-rows';
import { OP_ATTEND_CACHED } from './names';

/** Up to this many multiplications, one thread finishes before a second has woken up. */
const HEAVY: f64 = 40000;

/** x[r] += table[ids[r]], rows of `width`. */
export function addRows(table: usize, ids: usize, x: usize, rows: i32, width: i32): void {
  for (let r = 0; r < rows; r++) {
    const from = table + ((<usize> load<i32>(ids + (<usize> r << 2)) * width) << 2);
    const to = x + ((<usize> r * width) << 2);
    addTimes(1, from, to, width);
  }
}

/**
 * Writes the keys and values of qkv [batch, seq, 3·width] into caches [batch, capacity, width] from
 * position `past` on.
 */
export function keepRows(qkv: usize, keys: usize, values: usize, batch: i32, seq: i32, width: i32,
  past: i32, capacity: i32): void
{
  const bytes = <usize> width << 2;
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < seq; i++) {
      const row = qkv + <usize> (b * seq + i) * 3 * bytes;
      const place = <usize> (b * capacity + past + i) * bytes;
      memory.copy(keys + place, row + bytes, bytes);
      memory.copy(values + place, row + 2 * bytes, bytes);
    }
  }
}

/**
 * Attention of `seq` new tokens to themselves and to `past` earlier ones, whose keys and values are
 * all in the caches [batch, capacity, width]: qkv [batch, seq, 3·width] → out [batch, seq, width].
 * `keyMask` is 0 or [batch, past + seq]. Each thread needs {@link attendCachedOwn} bytes of scratch
 * memory.
 */
export function attendCached(qkv: usize, keys: usize, values: usize, out: usize, batch: i32,
  seq: i32, width: i32, nHead: i32, past: i32, capacity: i32, factor: f32, keyMask: usize): void
{
  setArg(0, <i32> qkv);
  setArg(1, <i32> keys);
  setArg(2, <i32> values);
  setArg(3, <i32> out);
  setArg(4, seq);
  setArg(5, width);
  setArg(6, nHead);
  setArg(7, past);
  setArg(8, capacity);
  setArgF(9, factor);
  setArg(10, <i32> keyMask);
  parallel(OP_ATTEND_CACHED, batch * nHead, <f64> batch * seq * (past + seq) * width * 2 > HEAVY);
}

/**
 * Bytes of scratch memory that {@link attendCached} needs in each thread: the weights of one query.
 */
export function attendCachedOwn(total: i32): i32 {
  return 4 * total + 64;
}

export function attendCachedTile(at: i32): void {
  const seq = arg(4), width = arg(5), nHead = arg(6), past = arg(7);
  const b = at / nHead, h = at % nHead;
  const size = width / nHead;
  const bytes = <usize> width << 2;
  const head = <usize> (h * size) << 2;
  const cached = <usize> b * arg(8) * bytes + head;
  const keys = pointer(1) + cached, values = pointer(2) + cached;
  const mask = arg(10) ? pointer(10) + ((<usize> b * (past + seq)) << 2) : 0;
  for (let i = 0; i < seq; i++) {
    const query = pointer(0) + <usize> (b * seq + i) * 3 * bytes + head;
    const seen = weigh(query, keys, bytes, own(), past + i + 1, past + seq, size, argF(9), mask);
    mix(own(), values, bytes, pointer(3) + <usize> (b * seq + i) * bytes + head, seen, size);
  }
}

/**
 * Attention weights of one query for `seen` keys; if none of them is real, equal weights for all
 * `total` keys. Returns the number of weights.
 */
function weigh(query: usize, keys: usize, bytes: usize, weights: usize, seen: i32, total: i32,
  size: i32, factor: f32, mask: usize): i32
{
  let real = mask ? 0 : seen;
  let j = 0;
  if ((size & 3) == 0) {
    for (; j + 4 <= seen; j += 4) {
      v128.store(weights + (<usize> j << 2),
        f32x4.mul(fourDots(query, keys + <usize> j * bytes, bytes, size), f32x4.splat(factor)));
    }
  }
  for (; j < seen; j++)
    store<f32>(weights + (<usize> j << 2), dot(query, keys + <usize> j * bytes, size) * factor);
  if (mask) {
    let any = i32x4.splat(0);
    for (j = 0; j + 4 <= seen; j += 4) {
      const o = <usize> j << 2;
      const open = f32x4.ne(v128.load(mask + o), f32x4.splat(0));
      v128.store(weights + o, v128.bitselect(v128.load(weights + o), f32x4.splat(-1e9), open));
      any = v128.or(any, open);
    }
    real = i32(v128.any_true(any));
    for (; j < seen; j++) {
      if (load<f32>(mask + (<usize> j << 2)) != 0) real++;
      else store<f32>(weights + (<usize> j << 2), -1e9);
    }
  }
  if (real == 0) {
    for (j = 0; j < total; j++) store<f32>(weights + (<usize> j << 2), <f32> 1 / <f32> total);
    return total;
  }
  softmax(weights, weights, seen, largest(weights, seen));
  return seen;
}

/** Dot products of `a` [n] with four vectors that lie `bytes` apart; n is a multiple of 4. */
function fourDots(a: usize, b0: usize, bytes: usize, n: i32): v128 {
  const b1 = b0 + bytes, b2 = b1 + bytes, b3 = b2 + bytes;
  let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
  for (let o: usize = 0; o < <usize> n << 2; o += 16) {
    const x = v128.load(a + o);
    s0 = f32x4.add(s0, f32x4.mul(x, v128.load(b0 + o)));
    s1 = f32x4.add(s1, f32x4.mul(x, v128.load(b1 + o)));
    s2 = f32x4.add(s2, f32x4.mul(x, v128.load(b2 + o)));
    s3 = f32x4.add(s3, f32x4.mul(x, v128.load(b3 + o)));
  }
  // Adds up the four lanes of each sum, all sums in parallel.
  const low01 = v128.shuffle<f32>(s0, s1, 0, 4, 1, 5),
    high01 = v128.shuffle<f32>(s0, s1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(s2, s3, 0, 4, 1, 5),
    high23 = v128.shuffle<f32>(s2, s3, 2, 6, 3, 7);
  const even = f32x4.add(v128.shuffle<f64>(low01, low23, 0, 2),
    v128.shuffle<f64>(high01, high23, 0, 2));
  return f32x4.add(even,
    f32x4.add(v128.shuffle<f64>(low01, low23, 1, 3), v128.shuffle<f64>(high01, high23, 1, 3)));
}

/** out [size] = Σ weights[j] · values[j], rows of values `bytes` apart. */
function mix(weights: usize, values: usize, bytes: usize, out: usize, n: i32, size: i32): void {
  let c = 0;
  for (; c + 16 <= size; c += 16) {
    let from = values + (<usize> c << 2);
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    for (let j = 0; j < n; j++) {
      const w = v128.load_splat<f32>(weights + (<usize> j << 2));
      s0 = f32x4.add(s0, f32x4.mul(w, v128.load(from)));
      s1 = f32x4.add(s1, f32x4.mul(w, v128.load(from, 16)));
      s2 = f32x4.add(s2, f32x4.mul(w, v128.load(from, 32)));
      s3 = f32x4.add(s3, f32x4.mul(w, v128.load(from, 48)));
      from += bytes;
    }
    v128.store(out + (<usize> c << 2), s0);
    v128.store(out + (<usize> c << 2), s1, 16);
    v128.store(out + (<usize> c << 2), s2, 32);
    v128.store(out + (<usize> c << 2), s3, 48);
  }
  for (; c + 8 <= size; c += 8) {
    let from = values + (<usize> c << 2);
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0);
    for (let j = 0; j < n; j++) {
      const w = v128.load_splat<f32>(weights + (<usize> j << 2));
      s0 = f32x4.add(s0, f32x4.mul(w, v128.load(from)));
      s1 = f32x4.add(s1, f32x4.mul(w, v128.load(from, 16)));
      from += bytes;
    }
    v128.store(out + (<usize> c << 2), s0);
    v128.store(out + (<usize> c << 2), s1, 16);
  }
  for (; c < size; c++) {
    let from = values + (<usize> c << 2);
    let sum: f32 = 0;
    for (let j = 0; j < n; j++) {
      sum += load<f32>(weights + (<usize> j << 2)) * load<f32>(from);
      from += bytes;
    }
    store<f32>(out + (<usize> c << 2), sum);
  }
}
