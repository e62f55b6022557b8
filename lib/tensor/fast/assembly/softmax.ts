/** Softmax, for attention and for the loss. */
import { exp4, maxOf, sumOf } from './simd';

/** The largest of `n` numbers. */
export function largest(x: usize, n: i32): f32 {
  let most4 = v128.load_splat<f32>(x);
  let i = 0;
  for (; i + 4 <= n; i += 4) most4 = f32x4.pmax(most4, v128.load(x + (<usize> i << 2)));
  let most = maxOf(most4);
  for (; i < n; i++) most = max(most, load<f32>(x + (<usize> i << 2)));
  return most;
}

/** out = e^(x − most); returns the sum. `out` may be `x`. */
export function exponentials(x: usize, out: usize, n: i32, most: f32): f32 {
  const most4 = f32x4.splat(most);
  let sum4 = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const e = exp4(f32x4.sub(v128.load(x + (<usize> i << 2)), most4));
    v128.store(out + (<usize> i << 2), e);
    sum4 = f32x4.add(sum4, e);
  }
  let sum = sumOf(sum4);
  for (; i < n; i++) {
    const e = f32x4.extract_lane(exp4(f32x4.sub(v128.load_splat<f32>(x + (<usize> i << 2)), most4)),
      0);
    store<f32>(out + (<usize> i << 2), e);
    sum += e;
  }
  return sum;
}

/** x *= factor. */
export function scale(x: usize, n: i32, factor: f32): void {
  const factor4 = f32x4.splat(factor);
  let i = 0;
  for (; i + 4 <= n; i += 4)
    v128.store(x + (<usize> i << 2), f32x4.mul(v128.load(x + (<usize> i << 2)), factor4));
  for (; i < n; i++) store<f32>(x + (<usize> i << 2), load<f32>(x + (<usize> i << 2)) * factor);
}

/**
 * out = softmax(x), given `most`, the largest of x; returns the sum of e^(x − most). `out` may be
 * `x`.
 */
export function softmax(x: usize, out: usize, n: i32, most: f32): f32 {
  const sum = exponentials(x, out, n, most);
  scale(out, n, <f32> 1 / sum);
  return sum;
}
