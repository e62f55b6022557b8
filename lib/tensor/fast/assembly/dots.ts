/**
 * Logits of a few rows: dot products with every row of the token table. Nearly all the time goes
 * into reading the table, once.
 */
import { arg, parallel, pointer, setArg, shared } from './threads';
import { dot, madd, sumOf } from './simd';
import { OP_DOTS } from './names';

/** Rows of the table in one tile of work. */
const ENTRIES: i32 = 64;
/** Up to this many multiplications, one thread finishes before a second has woken up. */
const HEAVY: f64 = 40000;

/** From this many rows on, groups of four rows share each read of the table. */
const SHARING: i32 = 4;

/** Bytes of scratch memory that all threads share. */
export function dotsShared(rows: i32, width: i32): i32 {
  return (rows & ~3) * width * 4;
}

/**
 * out [rows, vocab]: dot products of each row of x [rows, width] with each row of table [vocab,
 * width].
 */
export function dots(x: usize, table: usize, out: usize, rows: i32, width: i32, vocab: i32): void {
  if (rows >= SHARING && (width & 3) == 0) interleave(x, rows & ~3, width, shared());
  setArg(0, <i32> x);
  setArg(1, <i32> table);
  setArg(2, <i32> out);
  setArg(3, rows);
  setArg(4, width);
  setArg(5, vocab);
  parallel(OP_DOTS, (vocab + ENTRIES - 1) / ENTRIES, <f64> rows * width * vocab > HEAVY);
}

/**
 * x [rows, width] → [rows / 4, width / 4, 4, 4]: four numbers of each of four rows, side by side.
 */
function interleave(x: usize, rows: i32, width: i32, to: usize): void {
  for (let r = 0; r < rows; r++) {
    let target = to + ((<usize> (r >> 2) * width) << 4) + ((<usize> r & 3) << 4);
    for (let i = 0; i < width; i += 4) {
      v128.store(target, v128.load(x));
      x += 16;
      target += 64;
    }
  }
}

export function dotsTile(at: i32): void {
  const rows = arg(3), width = arg(4), vocab = arg(5);
  const bytes = <usize> width << 2;
  const first = at * ENTRIES;
  const count = min(ENTRIES, vocab - first);
  const entries = pointer(1) + <usize> first * bytes;
  const to = pointer(2) + (<usize> first << 2);
  const fours = (width & 3) == 0 ? rows & ~3 : 0;
  const half = count >> 1;
  const shift = <usize> half * bytes;
  for (let v = 0; v < half; v++) {
    const entry = entries + <usize> v * bytes;
    const out = to + (<usize> v << 2);
    for (let r = 0; r < fours; r += 4)
      fourByTwo(shared() + <usize> r * bytes, entry, entry + shift, bytes,
        out + ((<usize> r * vocab) << 2), <usize> vocab << 2, <usize> half << 2);
    for (let r = fours; r < rows; r++) {
      const x = pointer(0) + <usize> r * bytes;
      const o = out + ((<usize> r * vocab) << 2);
      store<f32>(o, dot(x, entry, width));
      store<f32>(o + (<usize> half << 2), dot(x, entry + shift, width));
    }
  }
  if (count & 1) {
    const v = <usize> count - 1;
    for (let r = 0; r < rows; r++) {
      store<f32>(to + ((<usize> r * vocab + v) << 2),
        dot(pointer(0) + <usize> r * bytes, entries + v * bytes, width));
    }
  }
}

/**
 * Four interleaved rows of x with two rows of the table, all `bytes` long; rows of out are `step`
 * apart, the two results `apart`. The two come from different halves of a tile, because processors
 * prefetch two linear streams of memory, but not a zigzag.
 */
export function fourByTwo(x: usize, a: usize, b: usize, bytes: usize, out: usize, step: usize,
  apart: usize): void
{
  const end = a + bytes;
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  while (a < end) {
    const wa = v128.load(a), wb = v128.load(b);
    const v0 = v128.load(x);
    a0 = madd(v0, wa, a0);
    b0 = madd(v0, wb, b0);
    const v1 = v128.load(x, 16);
    a1 = madd(v1, wa, a1);
    b1 = madd(v1, wb, b1);
    const v2 = v128.load(x, 32);
    a2 = madd(v2, wa, a2);
    b2 = madd(v2, wb, b2);
    const v3 = v128.load(x, 48);
    a3 = madd(v3, wa, a3);
    b3 = madd(v3, wb, b3);
    a += 16;
    b += 16;
    x += 64;
  }
  store<f32>(out, sumOf(a0));
  store<f32>(out + apart, sumOf(b0));
  out += step;
  store<f32>(out, sumOf(a1));
  store<f32>(out + apart, sumOf(b1));
  out += step;
  store<f32>(out, sumOf(a2));
  store<f32>(out + apart, sumOf(b2));
  out += step;
  store<f32>(out, sumOf(a3));
  store<f32>(out + apart, sumOf(b3));
}
