/**
 * x W + b for few rows, one for each sequence that grows: nearly all the time goes into the weights. A single row reads
 * each weight once, as it lies; several rows share what a thread has copied into memory close at hand.
 */
import { arg, own, parallel, pointer, setArg } from './threads';
import { madd } from './simd';
import { MATVEC } from './names';

/** Below so many multiplications one thread is done before another is awake. */
const HEAVY: f64 = 40000;
/** From so many rows on, copying the weights pays. */
const SHARING: i32 = 3;
/** Rows of the weights that are copied at a time; 8 columns of them and the rows of x then fit into the first cache. */
const DEPTH: i32 = 256;
/** Most columns of a tile that is copied. */
const MOST_COLUMNS: i32 = 128;
/** Bytes from one panel of 8 columns to the next: a line more than a power of two, lest all fall into the same few sets. */
const PANEL: usize = (<usize>DEPTH << 5) + 64;

/** Columns in one tile of work: enough tiles for two threads, and long stretches where the weights come from far away. */
// @ts-ignore: decorator
@inline
function columnsOf(rows: i32, n: i32): i32 {
  if (n <= 512) return 64;
  return rows < SHARING ? 256 : MOST_COLUMNS;
}

/** Bytes of scratch memory that each thread needs. */
export function linearRowsSpace(): i32 {
  return <i32>(64 + (MOST_COLUMNS >> 3) * PANEL);
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
  const columns = columnsOf(rows, n);
  parallel(MATVEC, (n + columns - 1) / columns, <f64>rows * k * n > HEAVY);
}

export function linearRowsTile(at: i32): void {
  const rows = arg(4), k = arg(5), n = arg(6);
  const columns = columnsOf(rows, n);
  const first = at * columns;
  const wide = min(columns, n - first);
  const left = <usize>first << 2;
  const bytes = <usize>n << 2;
  for (let r = 0; r < rows; r++) start(pointer(3) + <usize>r * bytes + left, pointer(2) + left, wide, arg(7) != 0);
  const shared = rows < SHARING ? 0 : wide & ~7;
  if (shared) together(pointer(0), pointer(1) + left, pointer(3) + left, rows, k, bytes, shared);
  if (shared < wide) apart(pointer(0), pointer(1) + left + (<usize>shared << 2), pointer(3) + left + (<usize>shared << 2), rows, k, bytes, wide - shared);
}

function start(out: usize, bias: usize, n: i32, add: bool): void {
  for (let j = 0; j < n; j++) {
    const o = <usize>j << 2;
    store<f32>(out + o, add ? load<f32>(out + o) + load<f32>(bias + o) : load<f32>(bias + o));
  }
}

function together(x: usize, w: usize, out: usize, rows: i32, k: i32, bytes: usize, wide: i32): void {
  const aside = own();
  const panels = aside + 64;
  const step = <usize>k << 2;
  for (let i = 0; i < k; i += DEPTH) {
    const deep = min(DEPTH, k - i);
    copyPanels(w + <usize>i * bytes, bytes, deep, wide, panels);
    let panel = panels;
    for (let o: usize = 0; o < <usize>wide << 2; o += 32) {
      for (let r = 0; r < rows; r += 4) {
        const last = rows - 1 - r;
        const x0 = x + <usize>r * step + (<usize>i << 2);
        const o0 = out + <usize>r * bytes + o;
        fourRows(
          x0, x0 + <usize>min(1, last) * step, x0 + <usize>min(2, last) * step, x0 + <usize>min(3, last) * step, panel, deep,
          o0, last < 1 ? aside : o0 + bytes, last < 2 ? aside : o0 + 2 * bytes, last < 3 ? aside : o0 + 3 * bytes,
        );
      }
      panel += PANEL;
    }
  }
}

/** Copies `deep` rows of `wide` weights, row by row as they lie in memory, into panels of 8 columns. */
function copyPanels(w: usize, bytes: usize, deep: i32, wide: i32, to: usize): void {
  for (let i = 0; i < deep; i++) {
    let target = to;
    for (let o: usize = 0; o < <usize>wide << 2; o += 32) {
      v128.store(target, v128.load(w + o));
      v128.store(target, v128.load(w + o, 16), 16);
      target += PANEL;
    }
    w += bytes;
    to += 32;
  }
}

/** Eight columns of four rows: out += x · panel [k, 8]; all in registers. */
function fourRows(
  x0: usize, x1: usize, x2: usize, x3: usize, panel: usize, k: i32, o0: usize, o1: usize, o2: usize, o3: usize,
): void {
  let a0 = v128.load(o0), b0 = v128.load(o0, 16), a1 = v128.load(o1), b1 = v128.load(o1, 16);
  let a2 = v128.load(o2), b2 = v128.load(o2, 16), a3 = v128.load(o3), b3 = v128.load(o3, 16);
  for (let i = 0; i < k; i++) {
    const wa = v128.load(panel), wb = v128.load(panel, 16);
    const s0 = v128.load_splat<f32>(x0);
    a0 = madd(s0, wa, a0);
    b0 = madd(s0, wb, b0);
    const s1 = v128.load_splat<f32>(x1);
    a1 = madd(s1, wa, a1);
    b1 = madd(s1, wb, b1);
    const s2 = v128.load_splat<f32>(x2);
    a2 = madd(s2, wa, a2);
    b2 = madd(s2, wb, b2);
    const s3 = v128.load_splat<f32>(x3);
    a3 = madd(s3, wa, a3);
    b3 = madd(s3, wb, b3);
    x0 += 4;
    x1 += 4;
    x2 += 4;
    x3 += 4;
    panel += 32;
  }
  v128.store(o0, a0);
  v128.store(o0, b0, 16);
  v128.store(o1, a1);
  v128.store(o1, b1, 16);
  v128.store(o2, a2);
  v128.store(o2, b2, 16);
  v128.store(o3, a3);
  v128.store(o3, b3, 16);
}

/** out += x W for `wide` columns, each row for itself, eight rows of the weights at a time. */
function apart(x: usize, w: usize, out: usize, rows: i32, k: i32, bytes: usize, wide: i32): void {
  let i = 0;
  for (; i + 8 <= k; i += 8) {
    for (let r = 0; r < rows; r++) addEight(x + ((<usize>r * k + i) << 2), w, bytes, out + <usize>r * bytes, wide);
    w += bytes << 3;
  }
  for (; i < k; i++) {
    for (let r = 0; r < rows; r++) addTimes(load<f32>(x + ((<usize>r * k + i) << 2)), w, out + <usize>r * bytes, wide);
    w += bytes;
  }
}

/** out [n] += eight numbers of x times eight rows of weights. */
function addEight(x: usize, w0: usize, bytes: usize, out: usize, n: i32): void {
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

/** out [n] += x · w [n]. */
export function addTimes(x: f32, w: usize, out: usize, n: i32): void {
  for (let j = 0; j < n; j++) {
    const o = <usize>j << 2;
    store<f32>(out + o, load<f32>(out + o) + x * load<f32>(w + o));
  }
}
