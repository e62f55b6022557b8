/**
 * x W + b for a few rows, one for each sequence that is decoded: nearly all the time goes into
 * reading the weights. A single row reads each weight once. Of several rows, four at a time share
 * each read, and the next four find the weights in the first-level cache.
 */
import { arg, own, parallel, pointer, setArg, shared } from './threads';
import { madd } from './simd';
import { OP_MATVEC } from './names';

/** Up to this many multiplications, one thread finishes before a second has woken up. */
const HEAVY: f64 = 40000;
/** From this many rows on, they share each read of the weights. */
const SHARING: i32 = 3;
/**
 * The number of weights that stay in the first-level cache from four rows to the next four: a piece
 * of a tile, as wide as the tile.
 */
const PIECE: i32 = 4608;
/**
 * The most columns of a tile: LONG for wide matrices, to read long stretches of a row, and SHORT
 * for narrow ones, to have tiles for several threads.
 */
const LONG: i32 = 384;
const SHORT: i32 = 64;

/** Columns in one tile of work. The results do not depend on it. */
// @ts-ignore: decorator
@inline
function columnsOf(n: i32): i32 {
  return n <= 512 ? SHORT : LONG;
}

/**
 * Bytes of scratch memory that each thread needs: a target for the rows that are missing in the
 * last group of four.
 */
export function linearRowsOwn(): i32 {
  return 32;
}

/** Bytes of scratch memory that all threads share. */
export function linearRowsShared(rows: i32, k: i32): i32 {
  return ((rows + 3) & ~3) * k * 4;
}

/** out [rows, n] = x [rows, k] weight [k, n] + bias [n], or, if `add`, that plus out itself. */
export function linearRows(x: usize, weight: usize, bias: usize, out: usize, rows: i32, k: i32,
  n: i32, add: bool): void
{
  if (rows >= SHARING) interleave(x, rows, k, shared());
  setArg(0, <i32> x);
  setArg(1, <i32> weight);
  setArg(2, <i32> bias);
  setArg(3, <i32> out);
  setArg(4, rows);
  setArg(5, k);
  setArg(6, n);
  setArg(7, add ? 1 : 0);
  const columns = columnsOf(n);
  parallel(OP_MATVEC, (n + columns - 1) / columns, <f64> rows * k * n > HEAVY);
}

export function linearRowsTile(at: i32): void {
  const rows = arg(4), k = arg(5), n = arg(6);
  const first = at * columnsOf(n);
  const wide = min(columnsOf(n), n - first);
  const left = <usize> first << 2;
  const bytes = <usize> n << 2;
  for (let r = 0; r < rows; r++)
    start(pointer(3) + <usize> r * bytes + left, pointer(2) + left, wide, arg(7) != 0);
  const panels = rows < SHARING ? 0 : wide & ~7;
  if (panels) together(pointer(1) + left, pointer(3) + left, rows, k, bytes, panels);
  if (panels < wide)
    apart(pointer(0), pointer(1) + left + (<usize> panels << 2),
      pointer(3) + left + (<usize> panels << 2), rows, k, bytes, wide - panels);
}

function start(out: usize, bias: usize, n: i32, add: bool): void {
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    const o = <usize> j << 2;
    const b = v128.load(bias + o);
    v128.store(out + o, add ? f32x4.add(v128.load(out + o), b) : b);
  }
  for (; j < n; j++) {
    const o = <usize> j << 2;
    store<f32>(out + o, add ? load<f32>(out + o) + load<f32>(bias + o) : load<f32>(bias + o));
  }
}

/**
 * x [rows, k] → [rows / 4, k, 4], so that the numbers that four rows need next are side by side.
 * The last row is repeated to fill its group.
 */
function interleave(x: usize, rows: i32, k: i32, to: usize): void {
  const row = <usize> k << 2;
  for (let r = 0; r < rows; r += 4) {
    const last = rows - 1 - r;
    let x0 = x + <usize> r * row,
      x1 = x0 + <usize> min(1, last) * row,
      x2 = x0 + <usize> min(2, last) * row,
      x3 = x0 + <usize> min(3, last) * row;
    for (let i = 0; i < k; i++) {
      const two = v128.load_lane<f32>(x1, v128.load_zero<f32>(x0), 1);
      v128.store(to, v128.load_lane<f32>(x3, v128.load_lane<f32>(x2, two, 2), 3));
      x0 += 4;
      x1 += 4;
      x2 += 4;
      x3 += 4;
      to += 16;
    }
  }
}

function together(w: usize, out: usize, rows: i32, k: i32, bytes: usize, wide: i32): void {
  const aside = own();
  const most = max(1, PIECE / wide);
  for (let i = 0; i < k; i += most) {
    const deep = min(most, k - i);
    for (let r = 0; r < rows; r += 4) {
      const x = shared() + ((<usize> (r >> 2) * k + i) << 4);
      const o0 = out + <usize> r * bytes;
      const second = r + 1 < rows, third = r + 2 < rows, fourth = r + 3 < rows;
      for (let o: usize = 0; o < <usize> wide << 2; o += 32) {
        const at = o0 + o;
        fourRows(x, w + o, bytes, deep, at, second ? at + bytes : aside,
          third ? at + 2 * bytes : aside, fourth ? at + 3 * bytes : aside);
      }
    }
    w += <usize> deep * bytes;
  }
}

/**
 * Eight columns of four rows: out += x [k, 4] · w [k, 8], rows of w `bytes` apart; all in
 * registers.
 */
export function fourRows(x: usize, w: usize, bytes: usize, k: i32, o0: usize, o1: usize, o2: usize,
  o3: usize): void
{
  let a0 = v128.load(o0), b0 = v128.load(o0, 16), a1 = v128.load(o1), b1 = v128.load(o1, 16);
  let a2 = v128.load(o2), b2 = v128.load(o2, 16), a3 = v128.load(o3), b3 = v128.load(o3, 16);
  for (let i = 0; i < k; i++) {
    const wa = v128.load(w), wb = v128.load(w, 16);
    const s0 = v128.load_splat<f32>(x);
    a0 = madd(s0, wa, a0);
    b0 = madd(s0, wb, b0);
    const s1 = v128.load_splat<f32>(x, 4);
    a1 = madd(s1, wa, a1);
    b1 = madd(s1, wb, b1);
    const s2 = v128.load_splat<f32>(x, 8);
    a2 = madd(s2, wa, a2);
    b2 = madd(s2, wb, b2);
    const s3 = v128.load_splat<f32>(x, 12);
    a3 = madd(s3, wa, a3);
    b3 = madd(s3, wb, b3);
    x += 16;
    w += bytes;
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

/** out += x W for `wide` columns, each row separately, with eight rows of the weights at a time. */
function apart(x: usize, w: usize, out: usize, rows: i32, k: i32, bytes: usize, wide: i32): void {
  let i = 0;
  for (; i + 8 <= k; i += 8) {
    for (let r = 0; r < rows; r++)
      addEight(x + ((<usize> r * k + i) << 2), w, bytes, out + <usize> r * bytes, wide);
    w += bytes << 3;
  }
  for (; i < k; i++) {
    for (let r = 0; r < rows; r++)
      addTimes(load<f32>(x + ((<usize> r * k + i) << 2)), w, out + <usize> r * bytes, wide);
    w += bytes;
  }
}

/** out [n] += eight numbers of x times eight rows of weights. */
function addEight(x: usize, w0: usize, bytes: usize, out: usize, n: i32): void {
  const x0 = v128.load_splat<f32>(x),
    x1 = v128.load_splat<f32>(x, 4),
    x2 = v128.load_splat<f32>(x, 8),
    x3 = v128.load_splat<f32>(x, 12);
  const x4 = v128.load_splat<f32>(x, 16),
    x5 = v128.load_splat<f32>(x, 20),
    x6 = v128.load_splat<f32>(x, 24),
    x7 = v128.load_splat<f32>(x, 28);
  const w1 = w0 + bytes,
    w2 = w1 + bytes,
    w3 = w2 + bytes,
    w4 = w3 + bytes,
    w5 = w4 + bytes,
    w6 = w5 + bytes,
    w7 = w6 + bytes;
  const whole = <usize> (n & ~3) << 2;
  const end = <usize> n << 2;
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
    const o = <usize> j << 2;
    store<f32>(out + o, load<f32>(out + o) + x * load<f32>(w + o));
  }
}
