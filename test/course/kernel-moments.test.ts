/**
 * Interrupts at random moments of the library's long calls, each followed by cells that must be
 * right. COURSE_SEED repeats the moments of a failed run; COURSE_ROUNDS, by default 1, is how often
 * each call is interrupted.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../lib/base/random';
import { errors, printed, Session, trace } from './kernel-session';
import { writeSparseCheckpoint } from './sparse-checkpoint';

const { COURSE_SEED, COURSE_ROUNDS } = process.env;
const seed = Number(COURSE_SEED ?? Date.now() % 100_000);
const rounds = Array.from({ length: Number(COURSE_ROUNDS ?? 1) }, (_, round) => round);
const random = new Random(seed);

const IMPORT = `import { adamW, generate, GPT, tf, train, trainStep } from '../lib/index';
  const config = { nLayer: 2, nHead: 2, nEmbd: 32, nPositions: 64, vocabSize: 40 };`;
/** Creates, trains, generates and computes on a small scale; prints the results. */
const ANSWER = `await (async () => {
    const small = await GPT.create(config, 3);
    const optimizer = adamW(small, { learningRate: 0.01 });
    const loss = await trainStep(small, optimizer, { inputIds: [[1, 2]], targets: [[2, 3]] });
    const options = { maxNewTokens: 5, eosTokenId: null };
    const { sequences } = await generate(small.eval(), [[1]], options);
    const logits = small.forward([[1, 2, 3]]);
    console.log(JSON.stringify([loss, sequences, [...logits.dataSync()]]));
    for (const each of [logits, optimizer, small]) each.dispose();
  })();`;
/** Prints the number of tensors once those that nothing refers to are freed. */
const TENSORS = `require('node:v8').setFlagsFromString('--expose-gc');
  for (let i = 0; i < 5; i++) {
    require('node:vm').runInNewContext('gc')();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  tf.memory().numTensors`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kernel-moments-'));
  const shape = { nHead: 8, nEmbd: 512, nPositions: 64, vocabSize: 10_000 };
  writeSparseCheckpoint(path.join(folder, 'model'), shape, { layers: 12, last: 0.75 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** Each prints what it made, and keeps nothing. */
const CALLS = {
  load: () =>
    `const model = await GPT.load(${JSON.stringify(path.join(folder, 'model'))});
    print(model.parameters.get('ln_f.bias')!.dataSync().at(-1));
    model.dispose();`,
  create: () =>
    `const model = await GPT.create({ ...config, nEmbd: 512, nLayer: 2 }, 1);
    print([...model.weights.blocks.at(-1)!.mlp.down.weight.dataSync().slice(-3)]);
    model.dispose();`,
  train: () =>
    `const model = await GPT.create(config, 1);
    const rows = [[1, 2, 3, 4], [5, 6, 7, 8]];
    const batch = { inputIds: rows, targets: rows };
    print(await train(model, () => batch, { steps: 150, learningRate: 0.01 }));
    model.dispose();`,
  generate: () =>
    `const model = (await GPT.create({ ...config, nPositions: 900 }, 1)).eval();
    const options = { maxNewTokens: 800, doSample: true, seed: 5, eosTokenId: null };
    print(await generate(model, [[1], [2, 3]], options));
    model.dispose();`,
};

const cellOf = (call: string): string =>
  `await (async () => {
    const print = (value: unknown): void => console.log(JSON.stringify(value));
    ${call}
  })();`;

/** Runs a cell that must succeed, and returns what it printed. */
async function result(kernel: Session, code: string): Promise<string> {
  const ran = await kernel.run(code, { limit: 60 });
  expect(trace(ran)).toBe('');
  expect(ran.reply?.status).toBe('ok');
  return printed(ran);
}

let interrupted = 0;
/** Runs a cell and interrupts it after `seconds`, unless it ends before. */
async function interrupt(kernel: Session, code: string, seconds: number): Promise<void> {
  const ran = await kernel.run(code, { interrupts: [seconds], limit: 60 });
  if (ran.reply?.status === 'ok') return;
  expect(errors(ran)[0]?.ename, trace(ran)).toBe('Interrupted');
  interrupted += 1;
}

describe(`interrupted at a random moment, by COURSE_SEED ${seed},`, () => {
  let kernel: Session;
  let [answer, tensors] = ['', ''];
  let seconds = 0;
  const before = new Map<string, { result: string; seconds: number }>();
  beforeAll(async () => {
    kernel = await Session.start();
    const ran = await kernel.run(IMPORT);
    seconds = ran.seconds;
    answer = await result(kernel, ANSWER);
    for (const [name, call] of Object.entries(CALLS)) {
      const made = await result(kernel, cellOf(call()));
      // the first call takes longer: code is compiled, and memory grows
      const began = performance.now();
      expect(await result(kernel, cellOf(call()))).toBe(made);
      before.set(name, { result: made, seconds: (performance.now() - began) / 1000 });
    }
    tensors = await result(kernel, TENSORS);
  }, 120_000);
  afterAll(async () => {
    await kernel.stop();
  });

  const moments = rounds.map((round) => [round, random.uniform()] as const);
  it.each(moments)('an import leaves a kernel that is right (round %i)', async (_, share) => {
    const fresh = await Session.start();
    await interrupt(fresh, IMPORT, share * seconds);
    await result(fresh, IMPORT);
    expect(await result(fresh, ANSWER), `interrupted after ${share * seconds} s`).toBe(answer);
    await fresh.stop();
  });

  describe.each(Object.keys(CALLS) as (keyof typeof CALLS)[])('%s', (name) => {
    const shares = rounds.map((round) => [round, random.uniform()] as const);
    it.each(shares)(
      'leaves nothing in memory, and a kernel that is right (round %i)',
      async (_, share) => {
        const { result: usual, seconds: usualSeconds } = before.get(name)!;
        const at = `interrupted after ${share * usualSeconds} of ${usualSeconds} s`;
        const cell = cellOf(CALLS[name]());
        await interrupt(kernel, cell, share * usualSeconds);
        expect(await result(kernel, TENSORS), at).toBe(tensors);
        expect(await result(kernel, ANSWER), at).toBe(answer);
        expect(await result(kernel, cell), at).toBe(usual);
      },
    );
  });

  it('some of the moments were before the end of the call', () => {
    expect(interrupted).toBeGreaterThan(0);
  });
});
