/** Models and memory: what cannot fit is refused at once; an interrupted load leaves nothing. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cell, CELL_STORAGE } from '../../lib/base/kernel-symbols';
import { GPT } from '../../lib/model/gpt';
import { ready } from '../../lib/tensor/backend';
import { tf } from '../../lib/tensor/tf';

const SHAPE = { nLayer: 4, nHead: 2, nEmbd: 64, nPositions: 32, vocabSize: 20_000 };

let folder: string;
beforeAll(async () => {
  await ready();
  folder = mkdtempSync(join(tmpdir(), 'memory-'));
  const model = await GPT.create(SHAPE, 1);
  await model.save(folder);
  model.dispose();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a model that cannot fit', () => {
  it.each([
    [{ nLayer: 1000, nEmbd: 9600 }, /weights of 4,[\d,]+ bytes: .*4,294,901,760 bytes/],
    [{ nEmbd: 2 ** 16 }, /weights of [\d,]+ bytes/],
    [{ vocabSize: 1e7, nEmbd: 128 }, /weights of [\d,]+ bytes/],
    [{ nPositions: 1e7, nEmbd: 128 }, /weights of [\d,]+ bytes/],
    [{ nInner: 400_000, nEmbd: 1024 }, /weights of [\d,]+ bytes/],
  ])('is refused by create, such as one of %j', async (change, message) => {
    const before = tf.memory().numTensors;
    const made = GPT.create({ ...SHAPE, ...change }, 1);
    await expect(made).rejects.toThrow(RangeError);
    await expect(made).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
  });

  it('is refused by load, before its weights are read', async () => {
    const path = join(folder, 'config.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, JSON.stringify({ ...JSON.parse(text), n_positions: 1e7, vocab_size: 1e7 }));
    await expect(GPT.load(folder)).rejects.toThrow(/no memory left for weights of [\d,]+ bytes/);
    writeFileSync(path, text);
  });
});

/** Runs `work` as the kernel runs a cell, interrupted when the event loop turns the n-th time. */
async function interrupted(work: () => Promise<unknown>, turns: number): Promise<void> {
  const storage = new AsyncLocalStorage<Cell>();
  const controller = new AbortController();
  Reflect.set(process, CELL_STORAGE, storage);
  try {
    const running = storage.run({ signal: controller.signal }, work);
    const result = expect(running).rejects.toThrow(/abort/i);
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await result;
  } finally {
    Reflect.deleteProperty(process, CELL_STORAGE);
  }
}

describe('an interrupt', () => {
  it.each([0, 1, 2, 3, 5, 10, 20])(
    'after %d turns of the event loop stops create and load, which keep nothing',
    async (turns) => {
      const before = tf.memory().numTensors;
      await interrupted(() => GPT.create(SHAPE, 1), turns);
      await interrupted(() => GPT.load(folder), turns);
      expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
    },
  );

  it('stops create within one large table', async () => {
    let [turns, done] = [0, false];
    const count = (): void => {
      turns += 1;
      if (!done) setImmediate(count);
    };
    setImmediate(count);
    const model = await GPT.create({ ...SHAPE, nLayer: 1, vocabSize: 100_000 }, 1); // 6.4 million
    done = true;
    model.dispose();
    expect(turns).toBeGreaterThan(model.parameters.size + 5);
  });
});
