/** Layer norm and its gradient. */
import { arg, argF, parallel, pointer, setArg, setArgF } from './threads';
import { sumOf } from './simd';
import { OP_NORM, OP_NORM_BACK, OP_NORM_BACK_WEIGHTS } from './names';

/** Rows, and columns of the weights' gradient, in one tile of work. */
const ROWS: i32 = 16;
const COLUMNS: i32 = 32;
const HEAVY: i32 = 50000;

/**
 * out [rows, width] = (x − mean)/√(variance + epsilon) · weight + bias; stores the mean and 1/√… in
 * `stats` [rows, 2] unless that is 0.
 */
export function layerNorm(x: usize, weight: usize, bias: usize, out: usize, stats: usize, rows: i32,
  width: i32, epsilon: f32): void
{
  setArg(0, <i32> x);
  setArg(1, <i32> weight);
  setArg(2, <i32> bias);
  setArg(3, <i32> out);
  setArg(4, <i32> stats);
  setArg(5, rows);
  setArg(6, width);
  setArgF(7, epsilon);
  parallel(OP_NORM, (rows + ROWS - 1) / ROWS, rows * width > HEAVY);
}

export function normTile(at: i32): void {
  const width = arg(6);
  const bytes = <usize> width << 2;
  const last = min((at + 1) * ROWS, arg(5));
  for (let r = at * ROWS; r < last; r++) {
    const offset = <usize> r * bytes;
    normRow(pointer(0) + offset, pointer(1), pointer(2), pointer(3) + offset,
      pointer(4) + (<usize> r << 3), width, argF(7));
  }
}

function normRow(x: usize, weight: usize, bias: usize, out: usize, stats: usize, width: i32,
  epsilon: f32): void
{
  const whole = <usize> (width & ~3) << 2;
  const end = <usize> width << 2;
  let sum4 = f32x4.splat(0);
  for (let i: usize = 0; i < whole; i += 16) sum4 = f32x4.add(sum4, v128.load(x + i));
  let sum = sumOf(sum4);
  for (let i = whole; i < end; i += 4) sum += load<f32>(x + i);
  const mean = sum / <f32> width;
  const mean4 = f32x4.splat(mean);
  sum4 = f32x4.splat(0);
  for (let i: usize = 0; i < whole; i += 16) {
    const d = f32x4.sub(v128.load(x + i), mean4);
    sum4 = f32x4.add(sum4, f32x4.mul(d, d));
  }
  sum = sumOf(sum4);
  for (let i = whole; i < end; i += 4) {
    const d = load<f32>(x + i) - mean;
    sum += d * d;
  }
  const inverse: f32 = <f32> 1 / sqrt<f32>(sum / <f32> width + epsilon);
  const inverse4 = f32x4.splat(inverse);
  for (let i: usize = 0; i < whole; i += 16) {
    const normal = f32x4.mul(f32x4.sub(v128.load(x + i), mean4), inverse4);
    v128.store(out + i, f32x4.add(f32x4.mul(normal, v128.load(weight + i)), v128.load(bias + i)));
  }
  for (let i = whole; i < end; i += 4) {
    store<f32>(out + i,
      (load<f32>(x + i) - mean) * inverse * load<f32>(weight + i) + load<f32>(bias + i));
  }
  if (stats) {
    store<f32>(stats, mean);
    store<f32>(stats, inverse, 4);
  }
}

/** dx, dweight and dbias from dy and the `stats` of {@link layerNorm}. */
export function layerNormBack(x: usize, weight: usize, dy: usize, stats: usize, dx: usize,
  dweight: usize, dbias: usize, rows: i32, width: i32): void
{
  setArg(0, <i32> x);
  setArg(1, <i32> weight);
  setArg(2, <i32> dy);
  setArg(3, <i32> dx);
  setArg(4, <i32> stats);
  setArg(5, rows);
  setArg(6, width);
  setArg(8, <i32> dweight);
  setArg(9, <i32> dbias);
  parallel(OP_NORM_BACK, (rows + ROWS - 1) / ROWS, rows * width > HEAVY);
  parallel(OP_NORM_BACK_WEIGHTS, (width + COLUMNS - 1) / COLUMNS, rows * width > HEAVY);
}

export function normBackTile(at: i32): void {
  const width = arg(6);
  const bytes = <usize> width << 2;
  const last = min((at + 1) * ROWS, arg(5));
  for (let r = at * ROWS; r < last; r++) {
    const offset = <usize> r * bytes;
    normBackRow(pointer(0) + offset, pointer(1), pointer(2) + offset, pointer(3) + offset,
      pointer(4) + (<usize> r << 3), width);
  }
}

function normBackRow(x: usize, weight: usize, dy: usize, dx: usize, stats: usize,
  width: i32): void
{
  const whole = <usize> (width & ~3) << 2;
  const end = <usize> width << 2;
  const mean = load<f32>(stats);
  const inverse = load<f32>(stats, 4);
  const mean4 = f32x4.splat(mean);
  const inverse4 = f32x4.splat(inverse);
  let s4 = f32x4.splat(0);
  let t4 = f32x4.splat(0);
  for (let i: usize = 0; i < whole; i += 16) {
    const dn = f32x4.mul(v128.load(dy + i), v128.load(weight + i));
    const normal = f32x4.mul(f32x4.sub(v128.load(x + i), mean4), inverse4);
    s4 = f32x4.add(s4, dn);
    t4 = f32x4.add(t4, f32x4.mul(dn, normal));
  }
  let s = sumOf(s4);
  let t = sumOf(t4);
  for (let i = whole; i < end; i += 4) {
    const dn = load<f32>(dy + i) * load<f32>(weight + i);
    s += dn;
    t += dn * ((load<f32>(x + i) - mean) * inverse);
  }
  s /= <f32> width;
  t /= <f32> width;
  s4 = f32x4.splat(s);
  t4 = f32x4.splat(t);
  for (let i: usize = 0; i < whole; i += 16) {
    const dn = f32x4.mul(v128.load(dy + i), v128.load(weight + i));
    const normal = f32x4.mul(f32x4.sub(v128.load(x + i), mean4), inverse4);
    v128.store(dx + i, f32x4.mul(f32x4.sub(f32x4.sub(dn, s4), f32x4.mul(normal, t4)), inverse4));
  }
  for (let i = whole; i < end; i += 4) {
    const dn = load<f32>(dy + i) * load<f32>(weight + i);
    store<f32>(dx + i, (dn - s - (load<f32>(x + i) - mean) * inverse * t) * inverse);
  }
}

/**
 * Some columns of dweight and dbias. All rows are added in order, so the sums do not depend on the
 * number of threads.
 */
export function normBackWeightsTile(at: i32): void {
  const x = pointer(0),
    dy = pointer(2),
    stats = pointer(4),
    rows = arg(5),
    dweight = pointer(8),
    dbias = pointer(9);
  const width = arg(6);
  const bytes = <usize> width << 2;
  const last = min((at + 1) * COLUMNS, width);
  let j = at * COLUMNS;
  for (; j + 4 <= last; j += 4) {
    let offset = <usize> j << 2;
    let w4 = f32x4.splat(0);
    let b4 = f32x4.splat(0);
    for (let r = 0; r < rows; r++) {
      const kept = stats + (<usize> r << 3);
      const d = v128.load(dy + offset);
      const normal = f32x4.mul(f32x4.sub(v128.load(x + offset), v128.load_splat<f32>(kept)),
        v128.load_splat<f32>(kept, 4));
      w4 = f32x4.add(w4, f32x4.mul(d, normal));
      b4 = f32x4.add(b4, d);
      offset += bytes;
    }
    v128.store(dweight + (<usize> j << 2), w4);
    v128.store(dbias + (<usize> j << 2), b4);
  }
  for (; j < last; j++) {
    let offset = <usize> j << 2;
    let w: f32 = 0;
    let b: f32 = 0;
    for (let r = 0; r < rows; r++) {
      const kept = stats + (<usize> r << 3);
      const d = load<f32>(dy + offset);
      w += d * ((load<f32>(x + offset) - load<f32>(kept)) * load<f32>(kept, 4));
      b += d;
      offset += bytes;
    }
    store<f32>(dweight + (<usize> j << 2), w);
    store<f32>(dbias + (<usize> j << 2), b);
  }
}
