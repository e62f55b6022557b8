/**
 * The machine under the fast kernels: its build, its memory, its threads, and what happens where it
 * cannot run.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { GPT } from '../../lib/model/gpt';
import { ready } from '../../lib/tensor/backend';
import { BUILDS, compile } from '../../lib/tensor/fast/build';
import { withMemory } from '../../lib/tensor/fast/heap';
import { currentMachine } from '../../lib/tensor/fast/current-machine';
import * as ops from '../../lib/tensor/ops';
import { tf } from '../../lib/tensor/tf';
import { adamW } from '../../lib/training/adamw';
import { trainStep } from '../../lib/training/step';

const ROOT = join(__dirname, '..', '..');
// compilers and fresh processes take their time on a busy machine
vi.setConfig({ testTimeout: 240_000 });

const FAST = join(ROOT, 'lib', 'tensor', 'fast');

beforeAll(() => ready());

/**
 * Runs TypeScript in a fresh process and returns what it prints. Throws if it fails or prints on
 * stderr.
 */
async function runFresh(program: string, env: Record<string, string> = {}): Promise<string> {
  const code = `(async () => { ${program} })()`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    require.resolve('tsx/cli'),
    '-e',
    code,
  ], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 100_000,
  });
  expect(stderr).toBe('');
  return stdout.trim();
}

/**
 * Trains a small model for five steps and prints the exact last loss and a sum over all weights'
 * bits.
 */
const TRAIN = `
  const { GPT } = require('./lib/model/gpt');
  const { adamW } = require('./lib/training/adamw');
  const { trainStep } = require('./lib/training/step');
  const { currentMachine } = require('./lib/tensor/fast/current-machine');
  const model = await GPT.create({ nLayer: 2, nHead: 2, nEmbd: 64, nPositions: 48, vocabSize: 31, attnPdrop: 0.1 }, 3);
  const ids = Array.from({ length: 8 }, (_, b) => Array.from({ length: 49 }, (_, t) => (b * 5 + t * t) % 31));
  const batch = { inputIds: ids.map((r) => r.slice(0, 48)), targets: ids.map((r) => r.slice(1)) };
  const optimizer = adamW(model);
  let loss = 0;
  for (let i = 0; i < 5; i++) {
    loss = await trainStep(model, optimizer, batch);
    await new Promise((resolve) => setTimeout(resolve, 60)); // time for the workers to start
  }
  let sum = 0;
  for (const weight of model.parameters.values()) for (const bits of new Int32Array(weight.dataSync().buffer)) sum = (sum * 31 + bits) | 0;
`;
const RESULT =
  `console.log(JSON.stringify({ loss, sum, workers: currentMachine()?.kernels.workers() ?? null }));`;

describe('the compiled kernels', () => {
  it.each(Object.keys(BUILDS) as (keyof typeof BUILDS)[])(
    '%s is what its source compiles to, byte for byte',
    async (name) => {
      expect((await compile(name)).equals(readFileSync(join(FAST, name)))).toBe(true);
    },
  );

  it('use no relaxed SIMD unless asked', () => {
    // Relaxed instructions are those whose number needs a second byte above 0xff: 0xfd 0x80-0x92
    // 0x02.
    const relaxed = (name: string): boolean =>
      /\xfd[\x80-\x92]\x02/.test(readFileSync(join(FAST, name)).toString('latin1'));
    expect(relaxed('kernels.wasm')).toBe(false);
    expect(relaxed('kernels-fma.wasm')).toBe(true);
  });

  it('fuse multiply and add only on request, and then say so', async () => {
    const one = { COURSE_THREADS: '1' };
    const usual = JSON.parse(await runFresh(TRAIN + RESULT, one)) as { loss: number; sum: number };
    const [said, result] = (await runFresh(TRAIN + RESULT, { ...one, COURSE_FMA: '1' })).split(
      '\n',
    );
    const fused = JSON.parse(result!) as typeof usual;
    if (said === 'COURSE_FMA=1 has no effect: this Node has no relaxed SIMD.')
      return expect(fused).toEqual(usual);
    expect(said).toMatch(
      /^Fused multiply-add is on \(COURSE_FMA=1\): .*may differ from other machines/,
    );
    // as with stock kernels below: the last digits of gradients differ
    expect(fused.loss).toBeCloseTo(usual.loss, 4);
  });

  it('hold no data of their own, since the memory is not theirs', () => {
    const bytes = readFileSync(join(FAST, 'kernels.wasm'));
    expect(WebAssembly.Module.imports(new WebAssembly.Module(bytes))).toEqual([{ module: 'env',
      name: 'memory', kind: 'memory' }]);
    expect(withMemory(withMemory(bytes, false), true)).toEqual(Uint8Array.from(bytes));
    expect(() => withMemory(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0), true)).toThrow(
      /one memory that has an upper limit, found none/,
    );
  });
});

describe('threads', () => {
  it('change no bit of the weights, whether there are one, two, three or none that can start', async () => {
    const run = async (threads: string): Promise<Record<string, number>> =>
      JSON.parse(await runFresh(TRAIN + RESULT, { COURSE_THREADS: threads }));
    const results = [await run('1'), await run('2'), await run('3')] as const;
    expect(results.map(({ workers }) => workers)).toEqual([0, 1, 2]);
    expect(results[1]['sum']).toBe(results[0]['sum']);
    expect(results[2]['sum']).toBe(results[0]['sum']);
    const broken =
      `require('node:worker_threads').Worker = class { constructor() { throw new Error('no threads here'); } };`;
    const [said, result] = (await runFresh(broken + TRAIN + RESULT, { COURSE_THREADS: '2' })).split(
      '\n',
    );
    expect(said).toMatch(
      /second thread could not start \(no threads here\); the kernels run on one/,
    );
    expect(JSON.parse(result!)).toEqual({ ...results[0], workers: 0 });
  });

  it('do not keep the process alive, and leave with it', async () => {
    // returns only when the process has ended
    expect(await runFresh(`${TRAIN} console.log('done');`, { COURSE_THREADS: '3' })).toBe('done');
  });

  it('end with the machine, which gives its scratch memory back and starts anew', async () => {
    const said = await runFresh(
      `${TRAIN}
      const fast = currentMachine();
      let freed = 0, taken = 0;
      const { wasm } = fast.backend;
      const free = wasm._free.bind(wasm);
      wasm._free = (at) => { freed += 1; free(at); };
      const before = fast.scratch.length;
      await fast.release();
      console.log(before + 1 === freed, fast.scratch.length, Number.isFinite(await trainStep(model, optimizer, batch)), currentMachine() !== fast);
    `,
      { COURSE_THREADS: '2' },
    );
    expect(said).toBe('true 0 true true');
  });
});

describe('where the kernels cannot run', () => {
  it('says so once and computes the same on TensorFlow.js’s own', async () => {
    const fast = JSON.parse(await runFresh(TRAIN + RESULT)) as { loss: number };
    const stock = (await runFresh(TRAIN + RESULT, { COURSE_KERNELS: 'stock' })).split('\n');
    expect(stock).toHaveLength(2);
    expect(stock[0]).toMatch(/^The fast kernels are off \(.*\); TensorFlow\.js's own are used\.$/);
    const result = JSON.parse(stock[1]!) as { loss: number; workers: null };
    expect(result.workers).toBeNull();
    // five steps of Adam on gradients that differ in the seventh digit
    expect(result.loss).toBeCloseTo(fast.loss, 4);
  });

  it('knows a backend without its private fields, and another version', async () => {
    const without =
      `const { tf } = require('./lib/tensor/tf'); await (require('./lib/tensor/backend')).ready();`;
    const check =
      `const { currentMachine } = require('./lib/tensor/fast/current-machine'); console.log(currentMachine(), currentMachine());`;
    expect(await runFresh(`${without} delete tf.backend().wasm._malloc; ${check}`)).toMatch(
      /does not have the fields.*\nundefined undefined$/,
    );
    expect(await runFresh(`${without} tf.version['tfjs-core'] = '9.0.0'; ${check}`)).toMatch(
      /made for TensorFlow\.js 4\.22\.0, found 9\.0\.0/,
    );
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

  it('that is full makes an op fail with a sentence, and the next one works', () => {
    const fast = currentMachine()!;
    const before = tf.memory().numTensors;
    expect(() => fast.allocate(2 ** 32 - 1)).toThrow(/no memory left for 4294967295 more bytes/);
    expect(() => fast.reserve(2 ** 32 - 65, 0)).toThrow(/no memory left/);
    const product = ops.linear(tf.ones([3, 300]), tf.ones([300, 2]), tf.zeros([2]));
    expect([...product.dataSync()]).toEqual([300, 300, 300, 300, 300, 300]);
    product.dispose();
    expect(tf.memory().numTensors).toBe(before + 3); // the three inputs
  });
});
