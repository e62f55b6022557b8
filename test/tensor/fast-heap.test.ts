/**
 * The kernels share TensorFlow.js's heap, where one stray write damages what lies behind. Here
 * each gap is watched.
 */
import { beforeAll, expect, it } from 'vitest';
import { generate } from '../../lib/inference/generate';
import { GPT } from '../../lib/model/gpt';
import { ready } from '../../lib/tensor/backend';
import { currentMachine } from '../../lib/tensor/fast/current-machine';
import { Random } from '../../lib/base/random';
import { tf } from '../../lib/tensor/tf';
import { adamW } from '../../lib/training/adamw';
import { trainStep } from '../../lib/training/step';

interface Heap {
  _malloc(bytes: number): number;
  _free(at: number): void;
  asm: { memory: WebAssembly.Memory };
}

const PAINT = 0xa5;
const ARENA = 400 << 20;
/**
 * Bytes of paint behind every block, and beyond the last one: as far as a kernel could stray by a
 * row or a tile.
 */
const GAP = 256;
const BEYOND = 1 << 17;

/**
 * Makes the heap hand out memory that is never given back, each block with paint behind it.
 * Returns a function that lists the gaps of all blocks since its last call that are not clean.
 */
function watch(heap: Heap): () => string[] {
  const malloc = heap._malloc.bind(heap), free = heap._free.bind(heap);
  const bytes = (from: number, to: number): Uint8Array =>
    new Uint8Array(heap.asm.memory.buffer, from, to - from);
  const first = malloc(ARENA) >>> 0;
  bytes(first, first + ARENA).fill(PAINT);
  const padded = (at: number): number => Math.ceil(at / 64) * 64;
  let top = padded(first);
  let gaps: [from: number, to: number][] = [];
  heap._malloc = (size) => {
    const at = top;
    top = padded(at + size) + GAP;
    if (top + BEYOND > first + ARENA) throw new Error('the arena of this test is too small');
    gaps.push([at + size, top]);
    return at;
  };
  heap._free = (at) => {
    if (at >>> 0 < first || at >>> 0 >= first + ARENA) free(at);
  };
  return () => {
    if (gaps.length === 0) throw new Error('nothing was allocated, so nothing is watched');
    const spots = [...gaps, [top, top + BEYOND] as const].filter(([from, to]) =>
      bytes(from, to).some((byte) => byte !== PAINT)
    );
    gaps = [];
    return spots.map(([from, to]) => `${from} to ${to}`);
  };
}

let heap: Heap;
let spots: () => string[];
beforeAll(async () => {
  await ready();
  expect(currentMachine(), 'the fast kernels must run here, or nothing below is tested')
    .toBeDefined();
  heap = (tf.backend() as unknown as { wasm: Heap }).wasm;
  spots = watch(heap);
});

it('a stray byte just behind a block, or far behind the last one, is seen', () => {
  const write = (at: number, byte: number): void => {
    new Uint8Array(heap.asm.memory.buffer)[at] = byte;
  };
  for (const [at, end] of [[99, false], [100, true], [100 + GAP, true], [BEYOND, true]] as const) {
    const block = heap._malloc(100);
    write(block + at, 1);
    expect(spots(), `byte ${at}`).toHaveLength(Number(end));
    write(block + at, PAINT);
  }
});

it('no kernel writes outside its blocks: decoding and training models of many shapes', async () => {
  const random = new Random(1);
  const pick = <T>(values: readonly T[]): T => values[random.integer(values.length)]!;
  for (let round = 0; round < 120; round++) {
    const nHead = pick([1, 2, 3]);
    const shape = {
      nLayer: pick([1, 2]),
      nHead,
      nEmbd: nHead * pick([1, 2, 3, 4, 5, 8]),
      nInner: pick([null, 1, 7, 530]),
      nPositions: pick([2, 5, 9, 20]),
      vocabSize: pick([1, 2, 3, 5, 11, 40, 130]),
    };
    const model = (await GPT.create(shape, round)).eval();
    const row = (length: number): number[] =>
      Array.from({ length }, () => random.integer(shape.vocabSize));
    const prompts = Array.from(
      { length: pick([1, 2, 3, 4, 5, 9]) },
      () => row(1 + random.integer(6)),
    );
    const options = { maxNewTokens: pick([1, 3, 8]), eosTokenId: null, numBeams: pick([1, 1, 3]),
      useCache: pick([true, true, false]) };
    await generate(model, prompts, options);
    const optimizer = adamW(model.train());
    const rows = prompts.map(() => row(shape.nPositions));
    await trainStep(model, optimizer, { inputIds: rows, targets: rows });
    expect(spots(), JSON.stringify({ shape, batch: prompts.length, options })).toEqual([]);
    optimizer.dispose();
    model.dispose();
  }
});
