/** GELU in GPT-2's form, and its gradient: x times sigmoid(2u), u = √(2/π)(x + 0.044715 x³). */
import { arg, parallel, pointer, setArg } from './threads';
import { exp4 } from './simd';
import { OP_GELU, OP_GELU_BACK } from './names';

/** Numbers in one tile of work. */
const BLOCK: i32 = 2048;
const HEAVY: i32 = 4000;
const TWICE_SLOPE: f32 = 1.5957691216057308;
const CUBE: f32 = 0.044715;

// @ts-ignore: decorator
@inline
function gate(x: v128): v128 {
  const u = f32x4.mul(f32x4.mul(x, f32x4.splat(TWICE_SLOPE)),
    f32x4.add(f32x4.mul(f32x4.mul(x, x), f32x4.splat(CUBE)), f32x4.splat(1)));
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exp4(f32x4.neg(u))));
}

// @ts-ignore: decorator
@inline
function value(x: v128): v128 {
  return f32x4.mul(x, gate(x));
}

// @ts-ignore: decorator
@inline
function slope(x: v128): v128 {
  const s = gate(x);
  const du = f32x4.mul(f32x4.splat(TWICE_SLOPE),
    f32x4.add(f32x4.mul(f32x4.mul(x, x), f32x4.splat(3 * CUBE)), f32x4.splat(1)));
  return f32x4.add(s, f32x4.mul(f32x4.mul(x, du), f32x4.mul(s, f32x4.sub(f32x4.splat(1), s))));
}

/** out[i] = gelu(x[i]) for `n` numbers. */
export function gelu(x: usize, out: usize, n: i32): void {
  setArg(0, <i32> x);
  setArg(1, <i32> out);
  setArg(2, n);
  parallel(OP_GELU, (n + BLOCK - 1) / BLOCK, n > HEAVY);
}

export function geluTile(at: i32): void {
  const x = pointer(0), out = pointer(1);
  const last = min((at + 1) * BLOCK, arg(2));
  let i = at * BLOCK;
  for (; i + 4 <= last; i += 4)
    v128.store(out + (<usize> i << 2), value(v128.load(x + (<usize> i << 2))));
  for (; i < last; i++) {
    const offset = <usize> i << 2;
    store<f32>(out + offset, f32x4.extract_lane(value(v128.load_splat<f32>(x + offset)), 0));
  }
}

/** dx[i] = dy[i] · gelu'(x[i]). */
export function geluBack(x: usize, dy: usize, dx: usize, n: i32): void {
  setArg(0, <i32> x);
  setArg(1, <i32> dy);
  setArg(2, n);
  setArg(3, <i32> dx);
  parallel(OP_GELU_BACK, (n + BLOCK - 1) / BLOCK, n > HEAVY);
}

export function geluBackTile(at: i32): void {
  const x = pointer(0), dy = pointer(1), dx = pointer(3);
  const last = min((at + 1) * BLOCK, arg(2));
  let i = at * BLOCK;
  for (; i + 4 <= last; i += 4) {
    const offset = <usize> i << 2;
    v128.store(dx + offset, f32x4.mul(v128.load(dy + offset), slope(v128.load(x + offset))));
  }
  for (; i < last; i++) {
    const offset = <usize> i << 2;
    store<f32>(dx + offset,
      load<f32>(dy + offset) * f32x4.extract_lane(slope(v128.load_splat<f32>(x + offset)), 0));
  }
}
