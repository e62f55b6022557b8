/**
 * Copies of matrices in the order in which the product reads them: panels of 5 rows of A and of 8
 * columns of B.
 */

export const MR: i32 = 5;
export const NR: i32 = 8;

/**
 * Copies columns [j, j+8) of B [k, n] into a panel, zeros beyond n; adds up the columns into `sums`
 * if it is given.
 */
export function packB(b: usize, rs: i32, cs: i32, k: i32, n: i32, j: i32, to: usize, sums: usize,
  first: bool): void
{
  const wide = min(NR, n - j);
  let from = b + ((<usize> j * cs) << 2);
  const step = <usize> rs << 2;
  if (cs == 1 && wide == NR) {
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    for (let i = 0; i < k; i++) {
      const v0 = v128.load(from);
      const v1 = v128.load(from, 16);
      v128.store(to, v0);
      v128.store(to, v1, 16);
      s0 = f32x4.add(s0, v0);
      s1 = f32x4.add(s1, v1);
      from += step;
      to += 32;
    }
    if (sums) {
      const at = sums + (<usize> j << 2);
      v128.store(at, first ? s0 : f32x4.add(v128.load(at), s0));
      v128.store(at, first ? s1 : f32x4.add(v128.load(at, 16), s1), 16);
    }
    return;
  }
  if (rs == 1 && wide == NR && !sums) {
    packColumns(from, <usize> cs << 2, k, to);
    packColumns(from + (<usize> cs << 4), <usize> cs << 2, k, to + 16);
    return;
  }
  for (let c = 0; c < NR; c++) {
    let source = from;
    let target = to + (<usize> c << 2);
    let sum: f32 = 0;
    if (c < wide) {
      for (let i = 0; i < k; i++) {
        const value = load<f32>(source);
        store<f32>(target, value);
        sum += value;
        source += step;
        target += 32;
      }
      if (sums) {
        const at = sums + (<usize> (j + c) << 2);
        store<f32>(at, first ? sum : load<f32>(at) + sum);
      }
    } else {
      for (let i = 0; i < k; i++) {
        store<f32>(target, 0);
        target += 32;
      }
    }
    from += <usize> cs << 2;
  }
}

/**
 * Packs four columns of B, each contiguous in memory, `row` bytes apart: blocks of 4x4 numbers are
 * transposed in registers.
 */
function packColumns(a0: usize, row: usize, k: i32, to: usize): void {
  let a2 = a0 + 2 * row;
  let i = 0;
  for (; i + 4 <= k; i += 4) {
    const v0 = v128.load(a0),
      v1 = v128.load(a0 + row),
      v2 = v128.load(a2),
      v3 = v128.load(a2 + row);
    const low01 = v128.shuffle<f32>(v0, v1, 0, 4, 1, 5),
      high01 = v128.shuffle<f32>(v0, v1, 2, 6, 3, 7);
    const low23 = v128.shuffle<f32>(v2, v3, 0, 4, 1, 5),
      high23 = v128.shuffle<f32>(v2, v3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f64>(low01, low23, 0, 2));
    v128.store(to, v128.shuffle<f64>(low01, low23, 1, 3), 32);
    v128.store(to, v128.shuffle<f64>(high01, high23, 0, 2), 64);
    v128.store(to, v128.shuffle<f64>(high01, high23, 1, 3), 96);
    a0 += 16;
    a2 += 16;
    to += 128;
  }
  for (; i < k; i++) {
    store<f32>(to, load<f32>(a0));
    store<f32>(to, load<f32>(a0 + row), 4);
    store<f32>(to, load<f32>(a2), 8);
    store<f32>(to, load<f32>(a2 + row), 12);
    a0 += 4;
    a2 += 4;
    to += 32;
  }
}

/** Copies rows [i, i+5) of A [m, k] into a panel, zeros beyond m. */
export function packA(a: usize, rs: i32, cs: i32, m: i32, k: i32, i: i32, to: usize): void {
  const high = min(MR, m - i);
  const from = a + ((<usize> i * rs) << 2);
  const step = <usize> cs << 2;
  if (high == MR && cs == 1) return packRows(from, <usize> rs << 2, k, to);
  if (high == MR && rs == 1) {
    let source = from;
    for (let j = 0; j < k; j++) {
      v128.store(to, v128.load(source));
      store<f32>(to, load<f32>(source, 16), 16);
      source += step;
      to += 20;
    }
    return;
  }
  for (let r = 0; r < MR; r++) {
    let source = from + ((<usize> r * rs) << 2);
    let target = to + (<usize> r << 2);
    for (let j = 0; j < k; j++) {
      store<f32>(target, r < high ? load<f32>(source) : 0);
      source += step;
      target += 20;
    }
  }
}

/**
 * Packs five rows, each contiguous in memory, `row` bytes apart: four columns at a time are
 * transposed in registers.
 */
function packRows(a0: usize, row: usize, k: i32, to: usize): void {
  let a2 = a0 + 2 * row;
  let a4 = a2 + 2 * row;
  let j = 0;
  for (; j + 4 <= k; j += 4) {
    const v0 = v128.load(a0),
      v1 = v128.load(a0 + row),
      v2 = v128.load(a2),
      v3 = v128.load(a2 + row),
      v4 = v128.load(a4);
    const low01 = v128.shuffle<f32>(v0, v1, 0, 4, 1, 5),
      high01 = v128.shuffle<f32>(v0, v1, 2, 6, 3, 7);
    const low23 = v128.shuffle<f32>(v2, v3, 0, 4, 1, 5),
      high23 = v128.shuffle<f32>(v2, v3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f64>(low01, low23, 0, 2));
    v128.store_lane<f32>(to, v4, 0, 16);
    v128.store(to, v128.shuffle<f64>(low01, low23, 1, 3), 20);
    v128.store_lane<f32>(to, v4, 1, 36);
    v128.store(to, v128.shuffle<f64>(high01, high23, 0, 2), 40);
    v128.store_lane<f32>(to, v4, 2, 56);
    v128.store(to, v128.shuffle<f64>(high01, high23, 1, 3), 60);
    v128.store_lane<f32>(to, v4, 3, 76);
    a0 += 16;
    a2 += 16;
    a4 += 16;
    to += 80;
  }
  for (; j < k; j++) {
    store<f32>(to, load<f32>(a0));
    store<f32>(to, load<f32>(a0 + row), 4);
    store<f32>(to, load<f32>(a2), 8);
    store<f32>(to, load<f32>(a2 + row), 12);
    store<f32>(to, load<f32>(a4), 16);
    a0 += 4;
    a2 += 4;
    a4 += 4;
    to += 20;
  }
}
