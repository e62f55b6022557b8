/**
 * The end of memory: a full heap is an error that leaves everything as it was, and what no name
 * holds is freed. Most of the heap is taken by blocks that are never written, so that these tests
 * need little real memory.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KVCache } from '../../lib/model/cache';
import { GPT } from '../../lib/model/gpt';
import { ready } from '../../lib/tensor/backend';
import { currentMachine } from '../../lib/tensor/fast/current-machine';
import type { Machine } from '../../lib/tensor/fast/machine';
import { variable } from '../../lib/tensor/fast/memory';
import { tf } from '../../lib/tensor/tf';
import { adamW } from '../../lib/training/adamw';
import { trainStep } from '../../lib/training/step';

const MIB = 2 ** 20;
const BLOCK = 256 * MIB;

let machine: Machine;
let small: GPT;
let usual: Float32Array;
const blocks: number[] = [];

const answer = (): Float32Array => {
  const logits = small.forward([[1, 2, 3]]);
  const values = logits.dataSync() as Float32Array;
  logits.dispose();
  return values;
};

beforeAll(async () => {
  await ready();
  machine = currentMachine()!;
  small = await GPT.create({ nLayer: 2, nHead: 2, nEmbd: 64, nPositions: 1024, vocabSize: 50 }, 1);
  small.eval();
  usual = answer();
  // all but one to two blocks of the heap
  try {
    for (;;) blocks.push(machine.allocate(BLOCK));
  } catch {
    machine.free(blocks.pop()!);
  }
  expect(blocks.length).toBeGreaterThan(10);
});

afterAll(() => blocks.forEach((at) => machine.free(at)));

/** 64 MiB of keys and values. */
const largeCache = (): KVCache => small.createCache(64);

const NOTHING_LEFT =
  /^no memory left for [\d,]+ bytes more: [\d,]+ bytes of 4,294,901,760 bytes are in use/;

const tensors = (): { numTensors: number; numBytes: number } => {
  const { numTensors, numBytes } = tf.memory();
  return { numTensors, numBytes };
};

/** Collects garbage until what nothing refers to is freed. */
async function gone(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    gc();
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('a full heap', () => {
  it('refuses one more cache with the bytes and the limit, and frees what was made of it', () => {
    const held: KVCache[] = [];
    const fill = (): void => {
      for (;;) held.push(largeCache());
    };
    expect(fill).toThrow(RangeError);
    expect(fill).toThrow(NOTHING_LEFT);
    expect(held.length).toBeGreaterThan(2);
    expect(answer()).toEqual(usual);
    held.pop()!.dispose();
    largeCache().dispose();
    held.forEach((cache) => cache.dispose());
    expect(answer()).toEqual(usual);
  });

  it('makes room by freeing caches that no name holds', async () => {
    for (let i = 0; i < 20; i++) {
      largeCache();
      await Promise.resolve(); // a weak reference holds until the running task ends
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(answer()).toEqual(usual);
  });

  it('stops a forward pass that needs more, and nothing else', async () => {
    await gone();
    const before = tensors();
    const rows = Array.from({ length: 2000 }, () => Array.from({ length: 1024 }, (_, t) => t % 50));
    expect(() => small.forward(rows)).toThrow(NOTHING_LEFT);
    expect(tensors()).toEqual(before);
    expect(answer()).toEqual(usual);
  });

  it('stops a block above 4 GiB, whose size the allocator would take modulo 2^32', () => {
    expect(() => tf.tidy(() => machine.output([2 ** 30 + 1]))).toThrow(NOTHING_LEFT);
    expect(answer()).toEqual(usual);
  });

  it('is not what a slice beyond the end meets: its size is negative', () => {
    const all = tf.ones([1, 4, 100]);
    for (const begin of [5, 90]) {
      expect(() => all.slice([0, begin, 0])).toThrow('a tensor cannot have a negative dimension');
    }
    all.dispose();
  });

  it('ends a training step that needs more and frees its tensors; smaller steps run', async () => {
    const optimizer = adamW(small.train());
    const batch = (n: number) => {
      const rows = Array.from({ length: n }, () => Array.from({ length: 512 }, (_, t) => t % 50));
      return { inputIds: rows, targets: rows };
    };
    await trainStep(small, optimizer, batch(1));
    const before = tensors();
    await expect(trainStep(small, optimizer, batch(300))).rejects.toThrow(NOTHING_LEFT);
    expect(tensors()).toEqual(before);
    await expect(trainStep(small, optimizer, batch(2))).resolves.toBeGreaterThan(0);
    optimizer.dispose();
    small.eval();
  });
});

describe('a variable that nothing refers to', () => {
  it('is freed, such as all of a model, an optimizer and a cache', async () => {
    await gone();
    const before = tensors();
    const shape = { nLayer: 1, nHead: 1, nEmbd: 8, nPositions: 8, vocabSize: 9 };
    await (async () => {
      const model = await GPT.create(shape, 1);
      const optimizer = adamW(model);
      const batch = { inputIds: [[1, 2]], targets: [[2, 3]] };
      await trainStep(model, optimizer, batch);
      model.eval().forward([[1, 2]], { cache: model.createCache() }).dispose();
      expect(tensors().numTensors).toBeGreaterThan(before.numTensors);
    })();
    await gone();
    expect(tensors()).toEqual(before);
  });

  it('is freed once, also after an assignment, a disposal, or when shared', async () => {
    await gone();
    const before = tensors();
    const ones = tf.tidy(() => {
      const [a, b, c] = [1, 2, 3].map(() => variable(() => tf.ones([4])));
      a!.assign(tf.fill([4], 7));
      b!.dispose();
      return tf.clone(c!);
    });
    await gone();
    expect(tensors()).toEqual({ numTensors: before.numTensors + 1,
      numBytes: before.numBytes + 16 });
    expect([...ones.dataSync()]).toEqual([1, 1, 1, 1]);
    ones.dispose();
    expect(tensors()).toEqual(before);
  });

  it('stays while only one weight of a model has a name', async () => {
    const { weights } = await GPT.create(
      { nLayer: 1, nHead: 1, nEmbd: 8, nPositions: 8, vocabSize: 9 },
      1,
    );
    const { weight } = weights.lastNorm;
    await gone();
    expect([...weight.dataSync()]).toEqual(Array(8).fill(1));
  });

  it('leaves TensorFlow.js’s list of trainable variables usable', async () => {
    const model = await GPT.create(
      { nLayer: 1, nHead: 1, nEmbd: 8, nPositions: 8, vocabSize: 9 },
      1,
    );
    (() => variable(() => tf.scalar(1), true))(); // gone, and perhaps not yet freed
    const { value, grads } = tf.variableGrads(() => tf.sum(model.weights.tokens));
    expect(grads[model.weights.tokens.name]!.shape).toEqual([9, 8]);
    tf.dispose([value, grads]);
  });
});
