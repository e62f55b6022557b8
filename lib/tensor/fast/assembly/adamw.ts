/** AdamW (Loshchilov and Hutter 2019) in one pass over a parameter. */
import { arg, argF, parallel, pointer, setArg, setArgF } from './threads';
import { OP_ADAMW } from './names';

const BLOCK: i32 = 8192;
const HEAVY: i32 = 32768;

/**
 * p ← p · keep − stepSize · m / (√v · rootScale + epsilon), where m and v are the running means of
 * g and g²; `keep` is 1 − learning rate · weight decay, `stepSize` the learning rate over 1 −
 * beta1^t, `rootScale` 1/√(1 − beta2^t); `rest1` and `rest2` are 1 − beta1 and 1 − beta2, computed
 * before rounding to float32.
 */
export function adamWTiles(p: usize, g: usize, m: usize, v: usize, n: i32, beta1: f32, rest1: f32,
  beta2: f32, rest2: f32, epsilon: f32, keep: f32, stepSize: f32, rootScale: f32): void
{
  setArg(0, <i32> p);
  setArg(1, <i32> g);
  setArg(2, <i32> m);
  setArg(3, <i32> v);
  setArg(4, n);
  setArgF(5, beta1);
  setArgF(6, beta2);
  setArgF(7, epsilon);
  setArgF(8, keep);
  setArgF(9, stepSize);
  setArgF(10, rootScale);
  setArgF(11, rest1);
  setArgF(12, rest2);
  parallel(OP_ADAMW, (n + BLOCK - 1) / BLOCK, n > HEAVY);
}

export function adamwTile(at: i32): void {
  const p = pointer(0), g = pointer(1), m = pointer(2), v = pointer(3);
  const beta1 = argF(5),
    beta2 = argF(6),
    epsilon = argF(7),
    keep = argF(8),
    stepSize = argF(9),
    rootScale = argF(10);
  const rest1 = argF(11), rest2 = argF(12);
  const last = min((at + 1) * BLOCK, arg(4));
  let i = at * BLOCK;
  for (; i + 4 <= last; i += 4) {
    const o = <usize> i << 2;
    const grad = v128.load(g + o);
    const mean = f32x4.add(f32x4.mul(v128.load(m + o), f32x4.splat(beta1)),
      f32x4.mul(grad, f32x4.splat(rest1)));
    const square = f32x4.add(f32x4.mul(v128.load(v + o), f32x4.splat(beta2)),
      f32x4.mul(f32x4.mul(grad, grad), f32x4.splat(rest2)));
    v128.store(m + o, mean);
    v128.store(v + o, square);
    const root = f32x4.add(f32x4.mul(f32x4.sqrt(square), f32x4.splat(rootScale)),
      f32x4.splat(epsilon));
    const step = f32x4.div(f32x4.mul(mean, f32x4.splat(stepSize)), root);
    v128.store(p + o, f32x4.sub(f32x4.mul(v128.load(p + o), f32x4.splat(keep)), step));
  }
  for (; i < last; i++) {
    const o = <usize> i << 2;
    const grad = load<f32>(g + o);
    const mean = load<f32>(m + o) * beta1 + grad * rest1;
    const square = load<f32>(v + o) * beta2 + grad * grad * rest2;
    store<f32>(m + o, mean);
    store<f32>(v + o, square);
    const root = sqrt<f32>(square) * rootScale + epsilon;
    store<f32>(p + o, load<f32>(p + o) * keep - mean * stepSize / root);
  }
}
