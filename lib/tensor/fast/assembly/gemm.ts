/**
 * C = A B (+ bias, or + C) for matrices with any strides, so that no transposed copy is needed.
 *
 * B is first copied into panels of 8 columns, A into panels of 5 rows; a 5x8 tile of C then stays
 * in ten registers while it walks along both panels, reading memory in order. Ten accumulators, two
 * vectors of B and one of A fit into the sixteen vector registers of x86-64.
 */
import { arg, own, parallel, pointer, setArg, shared } from './threads';
import { madd } from './simd';
import { MR, NR, packA, packB } from './pack';
import { OP_GEMM_PACK, OP_GEMM_ROWS } from './names';

/** Rows of C in one tile of work. */
const ROWS: i32 = 10;
/** The most rows (DEPTH) and columns (WIDTH) of B that are packed at a time. */
const DEPTH: i32 = 1024;
const WIDTH: i32 = 2048;
/** Panels packed in one tile of work. */
const PANELS: i32 = 4;
/** Up to this many multiplications, one thread finishes before a second has woken up. */
const HEAVY: f64 = 200000;

/**
 * One 5x8 tile: C = panel A times panel B, plus the rows at `start`, `step` bytes apart: zeros or
 * the bias with step 0, or C itself. The only branch is the loop's: with another one, V8 no longer
 * keeps the accumulators in registers.
 */
function tile(pa: usize, pb: usize, k: i32, c: usize, ldc: usize, start: usize, step: usize): void {
  let c00 = v128.load(start), c01 = v128.load(start, 16);
  start += step;
  let c10 = v128.load(start), c11 = v128.load(start, 16);
  start += step;
  let c20 = v128.load(start), c21 = v128.load(start, 16);
  start += step;
  let c30 = v128.load(start), c31 = v128.load(start, 16);
  start += step;
  let c40 = v128.load(start), c41 = v128.load(start, 16);
  for (let i = 0; i < k; i++) {
    const b0 = v128.load(pb);
    const b1 = v128.load(pb, 16);
    const a0 = v128.load_splat<f32>(pa);
    c00 = madd(a0, b0, c00);
    c01 = madd(a0, b1, c01);
    const a1 = v128.load_splat<f32>(pa, 4);
    c10 = madd(a1, b0, c10);
    c11 = madd(a1, b1, c11);
    const a2 = v128.load_splat<f32>(pa, 8);
    c20 = madd(a2, b0, c20);
    c21 = madd(a2, b1, c21);
    const a3 = v128.load_splat<f32>(pa, 12);
    c30 = madd(a3, b0, c30);
    c31 = madd(a3, b1, c31);
    const a4 = v128.load_splat<f32>(pa, 16);
    c40 = madd(a4, b0, c40);
    c41 = madd(a4, b1, c41);
    pa += 20;
    pb += 32;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += ldc;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += ldc;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += ldc;
  v128.store(c, c30);
  v128.store(c, c31, 16);
  c += ldc;
  v128.store(c, c40);
  v128.store(c, c41, 16);
}

/**
 * A tile at the edge of C: it is computed at `aside`, and only the part inside C is copied there.
 */
function edge(pa: usize, pb: usize, k: i32, c: usize, ldc: usize, bias: usize, add: bool, high: i32,
  wide: i32, aside: usize): void
{
  tile(pa, pb, k, aside, 32, aside + 160, 0);
  for (let r = 0; r < high; r++) {
    for (let j = 0; j < wide; j++) {
      const offset = <usize> j << 2;
      let value = load<f32>(aside + offset);
      if (bias) value += load<f32>(bias + offset);
      store<f32>(c + offset, add ? load<f32>(c + offset) + value : value);
    }
    aside += 32;
    c += ldc;
  }
}

/**
 * Rows [i, end) of C from packed panels of B, `panelB` bytes apart. `space` has room for an edge
 * tile, a row of zeros and the packed rows of A.
 */
function rows(a: usize, ars: i32, acs: i32, pb: usize, panelB: usize, c: usize, ldc: i32, n: i32,
  k: i32, bias: usize, add: bool, i: i32, end: i32, space: usize): void
{
  const aside = space;
  const zeros = aside + 160; // a row of zeros after the edge tile
  v128.store(zeros, f32x4.splat(0));
  v128.store(zeros, f32x4.splat(0), 16);
  const packed = space + 192;
  const panelA = <usize> (MR * k) << 2;
  const ld = <usize> ldc << 2;
  let to = packed;
  for (let r = i; r < end; r += MR) {
    packA(a, ars, acs, end, k, r, to);
    to += panelA;
  }
  for (let j = 0; j < n; j += NR) {
    const wide = min(NR, n - j);
    const biasAt = bias ? bias + (<usize> j << 2) : 0;
    let pa = packed;
    for (let r = i; r < end; r += MR) {
      const high = min(MR, end - r);
      const at = c + <usize> r * ld + (<usize> j << 2);
      if (high == MR && wide == NR)
        tile(pa, pb, k, at, ld, add ? at : bias ? biasAt : zeros, add ? ld : 0);
      else edge(pa, pb, k, at, ld, biasAt, add, high, wide, aside);
      pa += panelA;
    }
    pb += panelB;
  }
}

/** Packs some panels of B. {@link gemm} sets the arguments of this and of {@link rowsTile}. */
export function packTile(at: i32): void {
  const k = arg(10), n = arg(9);
  const last = min((at + 1) * PANELS * NR, n);
  for (let j = at * PANELS * NR; j < last; j += NR) {
    packB(pointer(3), arg(4), arg(5), k, n, j, shared() + ((<usize> j * k) << 2), pointer(13),
      arg(12) == 0);
  }
}

export function rowsTile(at: i32): void {
  const m = arg(8);
  const i = at * ROWS;
  rows(pointer(0), arg(1), arg(2), shared(), <usize> (NR * arg(10)) << 2, pointer(6), arg(7),
    arg(9), arg(10), pointer(11), arg(12) != 0, i, min(i + ROWS, m), own());
}

/**
 * C [m, n] (rows `ldc` apart) = A [m, k] B [k, n], each element of A at `a + i·ars + j·acs`, of B
 * at `b + i·brs + j·bcs` (strides in numbers). Plus `bias` [n] unless 0; plus C itself if `add`.
 * Column sums of B go to `sums` [n] unless 0.
 */
export function gemm(a: usize, ars: i32, acs: i32, b: usize, brs: i32, bcs: i32, c: usize, ldc: i32,
  m: i32, n: i32, k: i32, bias: usize, add: bool, sums: usize): void
{
  for (let j = 0; j < n; j += WIDTH) {
    const wide = min(WIDTH, n - j);
    const right = <usize> j << 2;
    for (let i = 0; i < k; i += DEPTH) {
      const deep = min(DEPTH, k - i);
      setArg(0, <i32> (a + ((<usize> i * acs) << 2)));
      setArg(1, ars);
      setArg(2, acs);
      setArg(3, <i32> (b + ((<usize> i * brs) << 2) + ((<usize> j * bcs) << 2)));
      setArg(4, brs);
      setArg(5, bcs);
      setArg(6, <i32> (c + right));
      setArg(7, ldc);
      setArg(8, m);
      setArg(9, wide);
      setArg(10, deep);
      setArg(11, bias && i == 0 ? <i32> (bias + right) : 0);
      setArg(12, i > 0 || add ? 1 : 0);
      setArg(13, sums ? <i32> (sums + right) : 0);
      const heavy = <f64> m * <f64> wide * <f64> deep > HEAVY;
      parallel(OP_GEMM_PACK, (wide + PANELS * NR - 1) / (PANELS * NR), heavy);
      parallel(OP_GEMM_ROWS, (m + ROWS - 1) / ROWS, heavy);
    }
  }
}

/**
 * Bytes of scratch memory that {@link gemm} needs in each thread: packed rows of A, an edge tile
 * and a row of zeros.
 */
export function gemmOwn(k: i32): i32 {
  return <i32> spaceForA(min(k, DEPTH));
}

/** Bytes of scratch memory that {@link gemm} needs once for all threads: B, packed. */
export function gemmShared(n: i32, k: i32): i32 {
  return 4 * NR * min(k, DEPTH) * ((min(n, WIDTH) + NR - 1) / NR);
}

/** Packs all of B [k, n] at `to`, on this thread, for {@link multiplyHere}. */
export function packHere(b: usize, brs: i32, bcs: i32, k: i32, n: i32, to: usize): void {
  for (let j = 0; j < n; j += NR) packB(b, brs, bcs, k, n, j, to + ((<usize> j * k) << 2), 0, true);
}

/**
 * C [m, n] = (C +) A [m, k] B on this thread, for small matrices inside another kernel's tile. B
 * was packed with a depth of `depth` >= k and at least n columns; the first k and n of them are
 * used.
 */
export function multiplyHere(a: usize, ars: i32, acs: i32, packed: usize, depth: i32, c: usize,
  ldc: i32, m: i32, n: i32, k: i32, add: bool, spaceA: usize): void
{
  for (let i = 0; i < m; i += ROWS) {
    rows(a, ars, acs, packed, <usize> (NR * depth) << 2, c, ldc, n, k, 0, add, i, min(i + ROWS, m),
      spaceA);
  }
}

/** Bytes that {@link multiplyHere} needs for A's panels, an edge tile and a row of zeros. */
// @ts-ignore: decorator
@inline
export function spaceForA(k: i32): usize {
  return 192 + ((<usize> ROWS * k) << 2);
}
