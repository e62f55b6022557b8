/** This library, as a contender. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { generate } from '../../inference/generate';
import { GPT } from '../../model/gpt';
import { adamW, type Optimizer } from '../../training/adamw';
import { trainStep } from '../../training/step';
import { answer, type Task, timed } from './contender';
import { batchOf, configOf, PROMPT } from './shapes';

let made: { key: string; model: GPT; optimizer?: Optimizer } | undefined;

async function modelOf({ shape }: Task): Promise<{ model: GPT; optimizer?: Optimizer }> {
  const key = JSON.stringify(shape);
  if (made?.key !== key) {
    made?.optimizer?.dispose();
    made?.model.dispose();
    made = { key, model: await GPT.create(configOf(shape), 1) };
  }
  return made;
}

async function run(task: Task): Promise<number> {
  if (task.name === 'memory') return process.resourceUsage().maxRSS * 1024;
  if (task.name === 'copy') return copySpeed();
  const state = await modelOf(task);
  const { model } = state;
  if (task.name === 'step') {
    const batch = batchOf(task.shape);
    const optimizer = (state.optimizer ??= adamW(model.train()));
    return timed(task.count, () => trainStep(model, optimizer, batch));
  }
  const options = { maxNewTokens: task.count, eosTokenId: null, useCache: task.name !== 'decode' };
  if (task.name === 'decodeBatch') {
    // 1 to 8 tokens: padded
    const prompts = Array.from({ length: 8 }, (_, i) => Array.from({ length: i + 1 }, (_, t) => t));
    return (await timed(1, () => generate(model.eval(), prompts, options))) / (8 * task.count);
  }
  const search = task.name === 'decodeBeams' ? { numBeams: 4 } : {};
  const decode = (): Promise<unknown> =>
    generate(model.eval(), [PROMPT], { ...options, ...search });
  return (await timed(1, decode)) / task.count;
}

/** Copies 64 MB for a third of a second; returns bytes per second. Also runs in a second thread. */
function copyFor(from: Uint8Array, to: Uint8Array): number {
  let bytes = 0;
  const start = performance.now();
  while (performance.now() - start < 333) {
    to.set(from);
    bytes += from.length;
  }
  return bytes / ((performance.now() - start) / 1000);
}

/**
 * Bytes per second of a plain copy, counted once: the larger result of one thread and of two
 * threads together.
 */
async function copySpeed(): Promise<number> {
  const memory = (): Uint8Array => new Uint8Array(1 << 26).fill(1);
  const [from, to] = [memory(), memory()];
  const alone = copyFor(from, to);
  const helper = new Worker(
    `const { parentPort } = require('node:worker_threads');
    const copyFor = ${copyFor.toString()};
    const memory = () => new Uint8Array(1 << 26).fill(1);
    const [from, to] = [memory(), memory()];
    parentPort.postMessage('ready');
    parentPort.once('message', () => parentPort.postMessage(copyFor(from, to)));`,
    { eval: true, execArgv: [] },
  );
  await once(helper, 'message');
  helper.postMessage('go');
  const here = copyFor(from, to);
  const [there] = (await once(helper, 'message')) as [number];
  await helper.terminate();
  return Math.max(alone, here + there);
}

answer(run);
