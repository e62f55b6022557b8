/** Kernels for few rows: one token of each sequence. All the time goes into reading the weights, so each is read once. */
import { arg, argF, own, parallel, pointer, setArg, setArgF } from './threads';
import { sumOf } from './simd';
import { exponentials, largest, scale } from './loss';
import { ATTEND_CACHED, DOTS, MATVEC } from './names';

/** Rows of the table in one tile of work. */
const ENTRIES: i32 = 64;
/** Below so many multiplications one thread is done before another is awake. */
const HEAVY: f64 = 40000;

/** Up to so many columns a tile of the weights fits into the nearest cache. */
const NEAR: i32 = 512;

/** Columns in one tile of work: enough tiles for two threads, and long stretches where the weights come from far away. */
// @ts-ignore: decorator
@inline
function columnsOf(n: i32): i32 {
  return n <= NEAR ? 64 : 256;
}

/** out [rows, n] = x [rows, k] weight [k, n] + bias [n], or, if `add`, that plus out itself. */
export function linearRows(x: usize, weight: usize, bias: usize, out: usize, rows: i32, k: i32, n: i32, add: bool): void {
  setArg(0, <i32>x);
  setArg(1, <i32>weight);
  setArg(2, <i32>bias);
  setArg(3, <i32>out);
  setArg(4, rows);
  setArg(5, k);
  setArg(6, n);
  setArg(7, add ? 1 : 0);
  const columns = columnsOf(n);
  parallel(MATVEC, (n + columns - 1) / columns, <f64>rows * k * n > HEAVY);
}

export function linearRowsTile(at: i32): void {
  const rows = arg(4), k = arg(5), n = arg(6);
  const first = at * columnsOf(n);
  const wide = min(columnsOf(n), n - first);
  const left = <usize>first << 2;
  const bytes = <usize>n << 2;
  for (let r = 0; r < rows; r++) start(pointer(3) + <usize>r * bytes + left, pointer(2) + left, wide, arg(7) != 0);
  // Where the weights stay close at hand, four rows share each of them; from far away they come better in long stretches.
  let r = 0;
  if (n <= NEAR && (wide & 7) == 0) {
    for (; r + 4 <= rows; r += 4) {
      const x = pointer(0) + ((<usize>r * k) << 2);
      const out = pointer(3) + <usize>r * bytes + left;
      for (let o: usize = 0; o < <usize>wide << 2; o += 32) fourRows(x, <usize>k << 2, pointer(1) + left + o, bytes, out + o, k);
    }
  }
  const rest = r;
  if (rest == rows) return;
  let i = 0;
  for (; i + 8 <= k; i += 8) {
    const w = pointer(1) + <usize>i * bytes + left;
    for (r = rest; r < rows; r++) eight(pointer(0) + ((<usize>r * k + i) << 2), w, bytes, pointer(3) + <usize>r * bytes + left, wide);
  }
  for (; i < k; i++) {
    const w = pointer(1) + <usize>i * bytes + left;
    for (r = rest; r < rows; r++) one(load<f32>(pointer(0) + ((<usize>r * k + i) << 2)), w, pointer(3) + <usize>r * bytes + left, wide);
  }
}

/** Eight columns of four rows of out += the rows of x, `stride` bytes apart, times weights [k, 8]; all in registers. */
function fourRows(x: usize, stride: usize, w: usize, bytes: usize, out: usize, k: i32): void {
  const o1 = out + bytes, o2 = o1 + bytes, o3 = o2 + bytes;
  const x1 = x + stride, x2 = x1 + stride, x3 = x2 + stride;
  let a0 = v128.load(out), b0 = v128.load(out, 16), a1 = v128.load(o1), b1 = v128.load(o1, 16);
  let a2 = v128.load(o2), b2 = v128.load(o2, 16), a3 = v128.load(o3), b3 = v128.load(o3, 16);
  const end = <usize>k << 2;
  for (let i: usize = 0; i < end; i += 4) {
    const wa = v128.load(w), wb = v128.load(w, 16);
    const s0 = v128.load_splat<f32>(x + i), s1 = v128.load_splat<f32>(x1 + i);
    a0 = f32x4.add(a0, f32x4.mul(s0, wa));
    b0 = f32x4.add(b0, f32x4.mul(s0, wb));
    a1 = f32x4.add(a1, f32x4.mul(s1, wa));
    b1 = f32x4.add(b1, f32x4.mul(s1, wb));
    const s2 = v128.load_splat<f32>(x2 + i), s3 = v128.load_splat<f32>(x3 + i);
    a2 = f32x4.add(a2, f32x4.mul(s2, wa));
    b2 = f32x4.add(b2, f32x4.mul(s2, wb));
    a3 = f32x4.add(a3, f32x4.mul(s3, wa));
    b3 = f32x4.add(b3, f32x4.mul(s3, wb));
    w += bytes;
  }
  v128.store(out, a0);
  v128.store(out, b0, 16);
  v128.store(o1, a1);
  v128.store(o1, b1, 16);
  v128.store(o2, a2);
  v128.store(o2, b2, 16);
  v128.store(o3, a3);
  v128.store(o3, b3, 16);
}

function start(out: usize, bias: usize, n: i32, add: bool): void {
  for (let j = 0; j < n; j++) {
    const o = <usize>j << 2;
    store<f32>(out + o, add ? load<f32>(out + o) + load<f32>(bias + o) : load<f32>(bias + o));
  }
}

/** out [n] += eight numbers of x times eight rows of weights. */
function eight(x: usize, w0: usize, bytes: usize, out: usize, n: i32): void {
  const x0 = v128.load_splat<f32>(x), x1 = v128.load_splat<f32>(x, 4), x2 = v128.load_splat<f32>(x, 8), x3 = v128.load_splat<f32>(x, 12);
  const x4 = v128.load_splat<f32>(x, 16), x5 = v128.load_splat<f32>(x, 20), x6 = v128.load_splat<f32>(x, 24), x7 = v128.load_splat<f32>(x, 28);
  const w1 = w0 + bytes, w2 = w1 + bytes, w3 = w2 + bytes, w4 = w3 + bytes, w5 = w4 + bytes, w6 = w5 + bytes, w7 = w6 + bytes;
  const whole = <usize>(n & ~3) << 2;
  const end = <usize>n << 2;
  for (let o: usize = 0; o < whole; o += 16) {
    const a = f32x4.add(f32x4.mul(x0, v128.load(w0 + o)), f32x4.mul(x1, v128.load(w1 + o)));
    const b = f32x4.add(f32x4.mul(x2, v128.load(w2 + o)), f32x4.mul(x3, v128.load(w3 + o)));
    const c = f32x4.add(f32x4.mul(x4, v128.load(w4 + o)), f32x4.mul(x5, v128.load(w5 + o)));
    const d = f32x4.add(f32x4.mul(x6, v128.load(w6 + o)), f32x4.mul(x7, v128.load(w7 + o)));
    v128.store(out + o, f32x4.add(v128.load(out + o), f32x4.add(f32x4.add(a, b), f32x4.add(c, d))));
  }
  for (let o = whole; o < end; o += 4) {
    let sum = load<f32>(out + o);
    let w = w0 + o;
    for (let i: usize = 0; i < 32; i += 4) {
      sum += load<f32>(x + i) * load<f32>(w);
      w += bytes;
    }
    store<f32>(out + o, sum);
  }
}

function one(x: f32, w: usize, out: usize, n: i32): void {
  for (let j = 0; j < n; j++) {
    const o = <usize>j << 2;
    store<f32>(out + o, load<f32>(out + o) + x * load<f32>(w + o));
  }
}

/** out [rows, vocab]: dot products of each row of x [rows, width] with each row of table [vocab, width]. */
export function dots(x: usize, table: usize, out: usize, rows: i32, width: i32, vocab: i32): void {
  setArg(0, <i32>x);
  setArg(1, <i32>table);
  setArg(2, <i32>out);
  setArg(3, rows);
  setArg(4, width);
  setArg(5, vocab);
  parallel(DOTS, (vocab + ENTRIES - 1) / ENTRIES, <f64>rows * width * vocab > HEAVY);
}

export function dotsTile(at: i32): void {
  const rows = arg(3), width = arg(4), vocab = arg(5);
  const last = min((at + 1) * ENTRIES, vocab);
  for (let v = at * ENTRIES; v < last; v++) {
    const entry = pointer(1) + ((<usize>v * width) << 2);
    for (let r = 0; r < rows; r++) {
      store<f32>(pointer(2) + ((<usize>r * vocab + v) << 2), dot(pointer(0) + ((<usize>r * width) << 2), entry, width));
    }
  }
}

/** Σ a[i] b[i], in four sums of four lanes. */
function dot(a: usize, b: usize, n: i32): f32 {
  let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
  let i = 0;
  for (; i + 16 <= n; i += 16) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a), v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a, 16), v128.load(b, 16)));
    s2 = f32x4.add(s2, f32x4.mul(v128.load(a, 32), v128.load(b, 32)));
    s3 = f32x4.add(s3, f32x4.mul(v128.load(a, 48), v128.load(b, 48)));
    a += 64;
    b += 64;
  }
  for (; i + 4 <= n; i += 4) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
  }
  let sum = sumOf(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
  for (; i < n; i++) {
    sum += load<f32>(a) * load<f32>(b);
    a += 4;
    b += 4;
  }
  return sum;
}

/** x[r] += table[ids[r]], rows of `width`. */
export function addRows(table: usize, ids: usize, x: usize, rows: i32, width: i32): void {
  for (let r = 0; r < rows; r++) {
    const from = table + ((<usize>load<i32>(ids + (<usize>r << 2)) * width) << 2);
    const to = x + ((<usize>r * width) << 2);
    one(1, from, to, width);
  }
}

/** Writes the keys and values of qkv [batch, seq, 3·width] into caches [batch, capacity, width] from place `past` on. */
export function keepRows(qkv: usize, keys: usize, values: usize, batch: i32, seq: i32, width: i32, past: i32, capacity: i32): void {
  const bytes = <usize>width << 2;
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < seq; i++) {
      const row = qkv + <usize>(b * seq + i) * 3 * bytes;
      const place = <usize>(b * capacity + past + i) * bytes;
      memory.copy(keys + place, row + bytes, bytes);
      memory.copy(values + place, row + 2 * bytes, bytes);
    }
  }
}

/**
 * Attention of `seq` new tokens to themselves and to `past` earlier ones, whose keys and values are all in the caches
 * [batch, capacity, width]: qkv [batch, seq, 3·width] → out [batch, seq, width].
 * `keyMask` is 0 or [batch, past + seq]. Each thread needs 4·(past + seq) bytes of scratch memory.
 */
export function attendCached(
  qkv: usize, keys: usize, values: usize, out: usize, batch: i32, seq: i32, width: i32, nHead: i32, past: i32, capacity: i32,
  factor: f32, keyMask: usize,
): void {
  setArg(0, <i32>qkv);
  setArg(1, <i32>keys);
  setArg(2, <i32>values);
  setArg(3, <i32>out);
  setArg(4, seq);
  setArg(5, width);
  setArg(6, nHead);
  setArg(7, past);
  setArg(8, capacity);
  setArgF(9, factor);
  setArg(10, <i32>keyMask);
  parallel(ATTEND_CACHED, batch * nHead, <f64>batch * seq * (past + seq) * width * 2 > HEAVY);
}

export function attendCachedTile(at: i32): void {
  const seq = arg(4), width = arg(5), nHead = arg(6), past = arg(7);
  const b = at / nHead, h = at % nHead;
  const size = width / nHead;
  const bytes = <usize>width << 2;
  const head = <usize>(h * size) << 2;
  const cached = <usize>b * arg(8) * bytes + head;
  const keys = pointer(1) + cached, values = pointer(2) + cached;
  const mask = arg(10) ? pointer(10) + ((<usize>b * (past + seq)) << 2) : 0;
  for (let i = 0; i < seq; i++) {
    const query = pointer(0) + <usize>(b * seq + i) * 3 * bytes + head;
    const seen = weigh(query, keys, bytes, own(), past + i + 1, past + seq, size, argF(9), mask);
    mix(own(), values, bytes, pointer(3) + <usize>(b * seq + i) * bytes + head, seen, size);
  }
}

/** Attention weights of one query for `seen` keys; for all of them alike if none of those is real. Returns how many. */
function weigh(query: usize, keys: usize, bytes: usize, weights: usize, seen: i32, total: i32, size: i32, factor: f32, mask: usize): i32 {
  let real = mask ? 0 : seen;
  for (let j = 0; j < seen; j++) {
    const o = <usize>j << 2;
    const shown = !mask || load<f32>(mask + o) != 0;
    store<f32>(weights + o, shown ? dot(query, keys + <usize>j * bytes, size) * factor : -1e9);
    if (mask && shown) real++;
  }
  if (real == 0) {
    for (let j = 0; j < total; j++) store<f32>(weights + (<usize>j << 2), <f32>1 / <f32>total);
    return total;
  }
  const sum = exponentials(weights, weights, seen, largest(weights, seen));
  scale(weights, seen, <f32>1 / sum);
  return seen;
}

/** out [size] = Σ weights[j] · values[j], rows of values `bytes` apart. */
function mix(weights: usize, values: usize, bytes: usize, out: usize, n: i32, size: i32): void {
  let c = 0;
  for (; c + 8 <= size; c += 8) {
    let from = values + (<usize>c << 2);
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0);
    for (let j = 0; j < n; j++) {
      const w = v128.load_splat<f32>(weights + (<usize>j << 2));
      s0 = f32x4.add(s0, f32x4.mul(w, v128.load(from)));
      s1 = f32x4.add(s1, f32x4.mul(w, v128.load(from, 16)));
      from += bytes;
    }
    v128.store(out + (<usize>c << 2), s0);
    v128.store(out + (<usize>c << 2), s1, 16);
  }
  for (; c < size; c++) {
    let from = values + (<usize>c << 2);
    let sum: f32 = 0;
    for (let j = 0; j < n; j++) {
      sum += load<f32>(weights + (<usize>j << 2)) * load<f32>(from);
      from += bytes;
    }
    store<f32>(out + (<usize>c << 2), sum);
  }
}
