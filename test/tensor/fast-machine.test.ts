/** The machine that runs the fast kernels: memory, threads, and the fallback without it. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { GPT } from '../../lib/model/gpt';
import { ready } from '../../lib/tensor/backend';
import { currentMachine } from '../../lib/tensor/fast/current-machine';
import type { Kernels } from '../../lib/tensor/fast/kernels';
import { kernelImports } from '../../lib/tensor/fast/workers';
import * as ops from '../../lib/tensor/ops';
import { tf } from '../../lib/tensor/tf';
import { adamW } from '../../lib/training/adamw';
import { trainStep } from '../../lib/training/step';

const ROOT = join(__dirname, '..', '..');
// fresh processes are slow on a busy computer
vi.setConfig({ testTimeout: 240_000 });

beforeAll(() => ready());

/**
 * Runs a program that uses the library in a fresh process and returns what it prints. Throws if it
 * fails, does not end, or prints on stderr.
 */
async function runFresh(
  program: string,
  env: Record<string, string> = {},
  timeout = 100_000,
): Promise<string> {
  const code = `(async () => { ${program} })()`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    '--require',
    require.resolve('tsx/cjs'),
    '--eval',
    code,
  ], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout,
  });
  expect(stderr).toBe('');
  return stdout.trim();
}

/** Trains a small model for five steps: the exact last loss and a sum over all weights' bits. */
const TRAIN = `
  const { GPT } = require('./lib/model/gpt');
  const { adamW } = require('./lib/training/adamw');
  const { trainStep } = require('./lib/training/step');
  const { currentMachine } = require('./lib/tensor/fast/current-machine');
  const shape = { nLayer: 2, nHead: 2, nEmbd: 64, nPositions: 48, vocabSize: 31, attnPdrop: 0.1 };
  const model = await GPT.create(shape, 3);
  const row = (b) => Array.from({ length: 49 }, (_, t) => (b * 5 + t * t) % 31);
  const ids = Array.from({ length: 8 }, (_, b) => row(b));
  const batch = { inputIds: ids.map((r) => r.slice(0, 48)), targets: ids.map((r) => r.slice(1)) };
  const optimizer = adamW(model);
  let loss = 0;
  for (let i = 0; i < 5; i++) {
    loss = await trainStep(model, optimizer, batch);
    await new Promise((resolve) => setTimeout(resolve, 60)); // time for the workers to start
  }
  let sum = 0;
  for (const weight of model.parameters.values()) {
    for (const bits of new Int32Array(weight.dataSync().buffer)) sum = (sum * 31 + bits) | 0;
  }
`;
const RESULT = `const workers = currentMachine()?.kernels.workers() ?? null;`
  + ` console.log(JSON.stringify({ loss, sum, workers }));`;

/** What {@link TRAIN} came to, and the lines that it printed before. */
interface Trained {
  said: string[];
  result: { loss: number; sum: number; workers: number | null };
}
const trained = new Map<string, Promise<Trained>>();

/** Trains in a fresh process, once for each environment: several tests compare with one run. */
function train(env: Record<string, string>): Promise<Trained> {
  const key = JSON.stringify(env);
  const run = trained.get(key) ?? runFresh(TRAIN + RESULT, env).then((printed) => {
    const said = printed.split('\n');
    return { said, result: JSON.parse(said.pop()!) as Trained['result'] };
  });
  trained.set(key, run);
  return run;
}

describe('the fast kernels', () => {
  it('fuse multiply and add only on request, and then say so', async () => {
    const one = { COURSE_THREADS: '1' };
    const { said: none, result: usual } = await train(one);
    const { said: [said], result: fused } = await train({ ...one, COURSE_FMA: '1' });
    expect(none).toEqual([]);
    if (said === 'COURSE_FMA=1 has no effect: there is no relaxed SIMD here.') {
      expect(fused).toEqual(usual);
      return;
    }
    expect(said).toMatch(
      /^Fused multiply-add is on \(COURSE_FMA=1\): .*may differ from other machines/,
    );
    // as with stock kernels below: the last digits of gradients differ
    expect(fused.loss).toBeCloseTo(usual.loss, 4);
  });
});

describe('threads', () => {
  it('change no bit of the weights and end with the process, for one, two or three', async () => {
    // a run returns only when its process has ended
    const { result: one } = await train({ COURSE_THREADS: '1' });
    const { result: two } = await train({ COURSE_THREADS: '2' });
    const { result: three } = await train({ COURSE_THREADS: '3' });
    expect([one, two, three].map(({ workers }) => workers)).toEqual([0, 1, 2]);
    expect([two.sum, three.sum]).toEqual([one.sum, one.sum]);
  });

  it('may be unable to start: the kernels say so and give the same bits on one', async () => {
    const broken = `require('node:worker_threads').Worker = class {
      constructor() { throw new Error('no threads here'); }
    };`;
    const [said, result] = (await runFresh(broken + TRAIN + RESULT, { COURSE_THREADS: '2' })).split(
      '\n',
    );
    expect(said).toMatch(
      /second thread could not start \(no threads here\); the kernels go on without it/,
    );
    expect(JSON.parse(result!)).toEqual((await train({ COURSE_THREADS: '1' })).result);
  });

  it.each([
    // it reads x from far outside the memory, in the tiles of one thread or of both
    ['in both threads', '2 ** 32 - 4096'],
    ['in one thread', 'fast.memory.buffer.byteLength - 4 * (count >> 1)'],
  ])(
    'may fail in the middle of a job, %s: that job fails, and later ones are right',
    async (_, x) => {
      const said = await runFresh(
        `${TRAIN}
      const fast = currentMachine();
      const right = model.eval().forward(batch.inputIds).dataSync();
      const count = 2 ** 22;
      const out = fast.allocate(4 * count);
      const before = fast.kernels.workers();
      let failures = 0;
      for (let i = 0; i < 3; i++) {
        try {
          fast.kernels.gelu(${x}, out, count);
        } catch {
          failures += 1;
        }
      }
      fast.free(out);
      console.log(before, failures, model.forward(batch.inputIds).dataSync().every(
        (value, i) => value === right[i]));
    `,
        { COURSE_THREADS: '2' },
      );
      expect(said.split('\n').filter((line) => !line.startsWith('A second thread stopped')))
        .toEqual([
          '1 3 true',
        ]);
    },
  );

  it('may stop inside a job: that job fails clearly, the next gives the same bits', async () => {
    const said = await runFresh(
      `${TRAIN}
      const ops = require('./lib/tensor/ops');
      const { tf } = require('./lib/tensor/tf');
      const [x, w, b] = [tf.randomUniform([4096, 256], -1, 1, 'float32', 1),
        tf.randomUniform([256, 256], -1, 1, 'float32', 2), tf.zeros([256])];
      const product = () => tf.tidy(() => ops.linear(x, w, b).dataSync());
      const right = product();
      const { kernels } = currentMachine();
      kernels.giveOwn(1, 2 ** 32 - 4096); // the second thread's own memory: outside of all memory
      const tensors = tf.memory().numTensors;
      const news = new Promise((resolve) => {
        const { log } = console;
        console.log = (text, ...more) => {
          log(text, ...more);
          if (String(text).startsWith('A second thread stopped')) resolve();
        };
      });
      let message;
      for (let i = 0; i < 1000 && !message; i++) {
        try {
          product();
        } catch (error) {
          message = error.message;
        }
      }
      const again = product();
      const alive = setInterval(() => undefined, 1000); // a thread does not keep the process alive
      await news;
      clearInterval(alive);
      console.log(message);
      console.log(again.every((value, i) => value === right[i]), kernels.workers(),
        tf.memory().numTensors <= tensors); // the collector may free the model
    `,
      { COURSE_THREADS: '2' },
      60_000, // without an end of its own, the job would wait for ever
    );
    expect(said.split('\n')).toEqual([
      'A second thread stopped (memory access out of bounds); the kernels go on without it.',
      'a second thread stopped inside this computation, which has no result',
      'true 0 true',
    ]);
  });

  it('are waited for until they have left the job, however long that takes', async () => {
    const memory = new WebAssembly.Memory({ initial: 2, maximum: 65536, shared: true });
    const bytes = readFileSync(join(ROOT, 'lib', 'tensor', 'fast', 'kernels.wasm'));
    const kernels = new WebAssembly.Instance(new WebAssembly.Module(bytes), kernelImports(memory))
      .exports as unknown as Kernels;
    const [control, x, count] = [1024, 2 ** 16, 8192];
    kernels.attachMain(control);
    // the words of assembly/threads.ts: one worker has started, and it is inside a job
    const [workers, inside] = [control + 192, control + 1024 + 64].map((at) => at / 4);
    const words = new Int32Array(memory.buffer);
    [words[workers!], words[inside!]] = [1, 1];
    const leave = `const { words, inside } = require('node:worker_threads').workerData;
      setTimeout(() => Atomics.store(words, inside, 0), 300);`;
    const other = new Worker(leave, { eval: true, workerData: { words, inside }, execArgv: [] });
    await once(other, 'online');
    kernels.gelu(x, x, count);
    expect(Atomics.load(words, inside!)).toBe(0);
    await other.terminate();
  });

  it('end with the machine, which frees its scratch memory and starts again', async () => {
    const said = await runFresh(
      `${TRAIN}
      const fast = currentMachine();
      let freed = 0, taken = 0;
      const { wasm } = fast.backend;
      const free = wasm._free.bind(wasm);
      wasm._free = (at) => { freed += 1; free(at); };
      const before = fast.scratch.length;
      await fast.release();
      console.log(before + 1 === freed, fast.scratch.length);
      const after = await trainStep(model, optimizer, batch);
      console.log(Number.isFinite(after), currentMachine() !== fast);
    `,
      { COURSE_THREADS: '2' },
    );
    expect(said).toBe('true 0\ntrue true');
  });
});

describe('where the kernels cannot run', () => {
  it('says so once and computes the same on TensorFlow.js’s own', async () => {
    const { result: fast } = await train({ COURSE_THREADS: '1' });
    const { said, result: stock } = await train({ COURSE_KERNELS: 'stock' });
    expect(said).toEqual([
      expect.stringMatching(/^The fast kernels are off \(.*\); TensorFlow\.js's own are used\.$/),
    ]);
    expect(stock.workers).toBeNull();
    // five steps of Adam on gradients that differ in the seventh digit
    expect(stock.loss).toBeCloseTo(fast.loss, 4);
  });

  it('recognises a backend without its private fields, and another version', async () => {
    const [fields, none, version, noneEither] = (await runFresh(`
      const { tf } = require('./lib/tensor/tf');
      const { allowMachine, currentMachine } = require('./lib/tensor/fast/current-machine');
      await require('./lib/tensor/backend').ready();
      const { wasm } = tf.backend();
      const { _malloc } = wasm;
      delete wasm._malloc;
      console.log(currentMachine(), currentMachine());
      wasm._malloc = _malloc;
      allowMachine(true);
      tf.version['tfjs-core'] = '9.0.0';
      console.log(currentMachine(), currentMachine());
    `)).split('\n');
    expect(fields).toMatch(/does not have the fields/);
    expect(version).toMatch(/made for TensorFlow\.js 4\.22\.0, found 9\.0\.0/);
    expect([none, noneEither]).toEqual(['undefined undefined', 'undefined undefined']);
  });
});

describe('a weight that a step changes in place', () => {
  it('has its new numbers in the products of TensorFlow.js, too', async () => {
    const shape = { nLayer: 1, nHead: 1, nEmbd: 32, nPositions: 8, vocabSize: 16 };
    const model = (await GPT.create(shape, 1)).eval();
    const optimizer = adamW(model, { learningRate: 0.1 });
    const batch = { inputIds: [[1, 2, 3]], targets: [[2, 3, 4]] };
    const { weight } = model.weights.blocks[0]!.mlp.up; // [32, 128]
    const x = tf.ones<tf.Rank.R2>([4, 32]);
    const product = (): ArrayLike<number> =>
      tf.tidy(() => tf.matMul(x, weight as tf.Tensor as tf.Tensor2D).dataSync().slice());
    const byHand = (): number[] => {
      const rows = weight.arraySync() as number[][];
      return rows[0]!.map((_, j) => rows.reduce((sum, row) => sum + row[j]!, 0));
    };
    for (let step = 0; step < 3; step++) {
      byHand().forEach((value, j) => expect(product()[j]).toBeCloseTo(value, 4));
      await trainStep(model, optimizer, batch);
    }
    optimizer.dispose();
    model.dispose();
    x.dispose();
  });
});

describe('memory', () => {
  it('does not grow over 1,000 training steps', async () => {
    const model = await GPT.create(
      { nLayer: 1, nHead: 2, nEmbd: 8, nPositions: 8, vocabSize: 11 },
      1,
    );
    const batch = { inputIds: [[1, 2, 3, 4], [5, 6, 7, 8]], targets: [[2, 3, 4, 5], [6, 7, 8, 9]] };
    const optimizer = adamW(model);
    const state = (): object => ({ tensors: tf.memory().numTensors,
      bytes: (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length });
    for (let i = 0; i < 20; i++) await trainStep(model, optimizer, batch);
    const before = state();
    for (let i = 0; i < 1000; i++) await trainStep(model, optimizer, batch);
    expect(state()).toEqual(before);
    optimizer.dispose();
    model.dispose();
  });

  it('that is full makes an op fail with a clear message, and the next one works', () => {
    const fast = currentMachine()!;
    const before = tf.memory().numTensors;
    expect(() => fast.allocate(2 ** 32 - 1)).toThrow(/no memory left for 4,294,967,295 bytes more/);
    expect(() => fast.reserve(2 ** 32 - 65, 0)).toThrow(/no memory left/);
    const product = ops.linear(tf.ones([3, 300]), tf.ones([300, 2]), tf.zeros([2]));
    expect([...product.dataSync()]).toEqual([300, 300, 300, 300, 300, 300]);
    product.dispose();
    expect(tf.memory().numTensors).toBe(before + 3); // the three inputs
  });
});
