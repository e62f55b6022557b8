/** The page of 16.9 against the library: weights after 20 steps, and texts token for token. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as page from '../../lib/experiments/gpt-on-one-page';
import { adamW, generate, GPT, PULL_REQUESTS, Random, ready, tf, trainStep,
  wordTokenizer } from '../../lib/index';

const FILE = join(__dirname, '..', '..', 'lib', 'experiments', 'gpt-on-one-page.ts');
const SIZES = { nLayer: 2, nHead: 2, nEmbd: 16, nPositions: 12, vocabSize: 23 };

/** The page's weights with the library's values. */
function copied(model: GPT): page.Weights {
  return Object.fromEntries(
    [...model.parameters].map(([name, weight]) => [name, tf.variable(weight.clone())] as const),
  );
}

/** Rows of token ids that go on by rules, so that there is something to learn. */
function rowsOf(random: Random): number[][] {
  return Array.from({ length: 4 }, () => {
    const row = [random.integer(23)];
    while (row.length < 13) row.push((3 * row.at(-1)! + random.integer(2)) % 23);
    return row;
  });
}

beforeAll(ready);

describe('a GPT on one page', () => {
  it('has at most 200 lines and imports TensorFlow.js alone', () => {
    const text = readFileSync(FILE, 'utf8');
    expect(text.split('\n').length).toBeLessThanOrEqual(200);
    expect([...text.matchAll(/from '([^']*)'/g)].map(([, name]) => name)).toEqual([
      '@tensorflow/tfjs',
    ]);
  });

  it('has the names and shapes of the library, and weights of its spread', async () => {
    const model = await GPT.create(SIZES, 1);
    const shapes = Object.fromEntries(
      [...model.parameters].map(([name, { shape }]) => [name, shape]),
    );
    expect(page.shapesOf(SIZES)).toEqual(shapes);
    const weights = page.newWeights({ ...SIZES, nEmbd: 64 }, 1);
    const spread = (name: string): number =>
      tf.tidy(() => tf.moments(weights[name]!).variance.sqrt().dataSync()[0]!);
    expect(spread('h.0.attn.c_attn.weight')).toBeCloseTo(0.02, 3);
    expect(spread('h.1.mlp.c_proj.weight')).toBeCloseTo(0.01, 3);
    expect([...weights['h.1.ln_2.weight']!.dataSync()]).toEqual(Array(64).fill(1));
    expect(weights['wte.weight']!.dataSync()).not.toEqual(weights['wpe.weight']!.dataSync());
    tf.dispose(weights);
    model.dispose();
  });

  it('gives the losses and the weights of the library over 20 steps', async () => {
    const model = await GPT.create({ ...SIZES, embdPdrop: 0, attnPdrop: 0, residPdrop: 0,
      initializerRange: 0.2 }, 1);
    const weights = copied(model);
    const optimizer = adamW(model, { learningRate: 0.01 });
    const update = page.adamW(weights, 0.01);
    const random = new Random(16);
    const losses: number[] = [];
    for (let step = 0; step < 20; step++) {
      const rows = rowsOf(random);
      const loss = await trainStep(model, optimizer, {
        inputIds: rows.map((row) => row.slice(0, -1)),
        targets: rows.map((row) => row.slice(1)),
      });
      expect(page.trainStep(weights, SIZES, update, rows)).toBeCloseTo(loss, 5);
      losses.push(loss);
    }
    expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.5); // there was something to compare
    for (const [name, weight] of model.parameters) {
      const [ours, its] = [weight.dataSync(), weights[name]!.dataSync()];
      // The biases of the keys add the same amount to all scores of a row: their gradient is 0 but
      // for rounding, which AdamW makes as large as any other.
      const isKeyBias = (i: number): boolean => name.endsWith('c_attn.bias') && i >= 16 && i < 32;
      const apart = ours.map((value, i) => isKeyBias(i) ? 0 : Math.abs(value - its[i]!));
      expect(Math.max(...apart), name).toBeLessThan(2e-6);
    }
    optimizer.dispose();
    model.dispose();
  });

  it('writes the texts of the library, greedy and sampled', async () => {
    const model = await GPT.load(PULL_REQUESTS);
    const { config } = model;
    const weights = copied(model);
    const end = wordTokenizer.eosTokenId;
    for (const text of ['The agent opened a pull request', 'The bug', 'The']) {
      const prompt = text.split(' ').map((word) => wordTokenizer.id(word));
      const { sequences } = await generate(model, [prompt], { maxNewTokens: 30 });
      expect(page.generate(weights, config, prompt, { newTokens: 30, end })).toEqual(sequences[0]);

      const random = new Random(7).fork(`${prompt.join(' ')} #0`); // what generate draws from
      const drawn = page.generate(weights, config, prompt, { newTokens: 30, end, random: () =>
        random.uniform() });
      const sampled = await generate(model, [prompt], { maxNewTokens: 30, doSample: true,
        seed: 7 });
      expect(drawn).toEqual(sampled.sequences[0]);
    }
    tf.dispose(weights);
    model.dispose();
  });
});
