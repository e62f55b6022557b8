/**
 * The functions that the compiled kernels export. Pointers are byte offsets; sizes and strides
 * count numbers; flags are 0 or 1.
 */
export interface Kernels {
  attachMain(control: number): void;
  controlBytes(): number;
  mostThreads(): number;
  giveShared(at: number): void;
  giveOwn(thread: number, at: number): void;
  workers(): number;
  wantsWorkers(): number;
  settle(): void;
  gemm(a: number, ars: number, acs: number, b: number, brs: number, bcs: number, c: number,
    ldc: number, m: number, n: number, k: number, bias: number, add: number, sums: number): void;
  gemmOwn(k: number): number;
  gemmShared(n: number, k: number): number;
  layerNorm(x: number, weight: number, bias: number, out: number, stats: number, rows: number,
    width: number, epsilon: number): void;
  layerNormBack(x: number, weight: number, dy: number, stats: number, dx: number, dweight: number,
    dbias: number, rows: number, width: number): void;
  gelu(x: number, out: number, n: number): void;
  geluBack(x: number, dy: number, dx: number, n: number): void;
  attend(qkv: number, out: number, batch: number, seq: number, width: number, nHead: number,
    scale: number, keyMask: number, causal: number, keep: number): void;
  attendBack(qkv: number, dout: number, dqkv: number, batch: number, seq: number, width: number,
    nHead: number, scale: number, keyMask: number, causal: number, keep: number): void;
  attentionSpace(seq: number, size: number): number;
  crossEntropy(logits: number, targets: number, probabilities: number, losses: number, n: number,
    vocab: number): void;
  crossEntropyBack(probabilities: number, targets: number, dloss: number, dlogits: number,
    n: number, vocab: number): void;
  meanLoss(losses: number, n: number, out: number): void;
  gatherRows(table: number, ids: number, out: number, n: number, width: number): void;
  scatterRows(dy: number, ids: number, dtable: number, n: number, width: number,
    vocab: number): void;
  adamWTiles(p: number, g: number, m: number, v: number, n: number, beta1: number, rest1: number,
    beta2: number, rest2: number, epsilon: number, keep: number, stepSize: number,
    rootScale: number): void;
  linearRows(x: number, weight: number, bias: number, out: number, rows: number, k: number,
    n: number, add: number): void;
  linearRowsOwn(): number;
  linearRowsShared(rows: number, k: number): number;
  dotsShared(rows: number, width: number): number;
  dots(x: number, table: number, out: number, rows: number, width: number, vocab: number): void;
  addRows(table: number, ids: number, x: number, rows: number, width: number): void;
  keepRows(qkv: number, keys: number, values: number, batch: number, seq: number, width: number,
    past: number, capacity: number): void;
  attendCachedOwn(total: number): number;
  attendCached(qkv: number, keys: number, values: number, out: number, batch: number, seq: number,
    width: number, nHead: number, past: number, capacity: number, scale: number,
    keyMask: number): void;
}
