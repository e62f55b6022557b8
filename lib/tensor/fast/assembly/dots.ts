/** Logits of few rows: dot products with every row of the token table. All the time goes into reading the table once. */
import { arg, parallel, pointer, setArg } from './threads';
import { dot, madd, sumOf } from './simd';
import { DOTS } from './names';

/** Rows of the table in one tile of work. */
const ENTRIES: i32 = 64;
/** Below so many multiplications one thread is done before another is awake. */
const HEAVY: f64 = 40000;

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
  const bytes = <usize>width << 2;
  const last = min((at + 1) * ENTRIES, vocab);
  const fours = (width & 3) == 0 ? rows & ~3 : 0;
  let v = at * ENTRIES;
  for (; v + 2 <= last; v += 2) {
    const entry = pointer(1) + <usize>v * bytes;
    for (let r = 0; r < fours; r += 4) twoByFour(pointer(0) + <usize>r * bytes, entry, bytes, pointer(2) + ((<usize>r * vocab + v) << 2), <usize>vocab << 2);
    for (let r = fours; r < rows; r++) {
      const x = pointer(0) + <usize>r * bytes;
      const to = pointer(2) + ((<usize>r * vocab + v) << 2);
      store<f32>(to, dot(x, entry, width));
      store<f32>(to, dot(x, entry + bytes, width), 4);
    }
  }
  if (v < last) {
    for (let r = 0; r < rows; r++) {
      store<f32>(pointer(2) + ((<usize>r * vocab + v) << 2), dot(pointer(0) + <usize>r * bytes, pointer(1) + <usize>v * bytes, width));
    }
  }
}

/** Two rows of the table with four rows of x, all `bytes` long and one behind the other; rows of out are `step` apart. */
function twoByFour(x0: usize, table: usize, bytes: usize, out: usize, step: usize): void {
  const x1 = x0 + bytes, x2 = x1 + bytes, x3 = x2 + bytes;
  const next = table + bytes;
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  for (let o: usize = 0; o < bytes; o += 16) {
    const a = v128.load(table + o), b = v128.load(next + o);
    const v0 = v128.load(x0 + o);
    a0 = madd(v0, a, a0);
    b0 = madd(v0, b, b0);
    const v1 = v128.load(x1 + o);
    a1 = madd(v1, a, a1);
    b1 = madd(v1, b, b1);
    const v2 = v128.load(x2 + o);
    a2 = madd(v2, a, a2);
    b2 = madd(v2, b, b2);
    const v3 = v128.load(x3 + o);
    a3 = madd(v3, a, a3);
    b3 = madd(v3, b, b3);
  }
  store<f32>(out, sumOf(a0));
  store<f32>(out, sumOf(b0), 4);
  out += step;
  store<f32>(out, sumOf(a1));
  store<f32>(out, sumOf(b1), 4);
  out += step;
  store<f32>(out, sumOf(a2));
  store<f32>(out, sumOf(b2), 4);
  out += step;
  store<f32>(out, sumOf(a3));
  store<f32>(out, sumOf(b3), 4);
}
