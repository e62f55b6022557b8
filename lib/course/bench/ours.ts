/** This library, as a contender. */
import { generate } from '../../inference/generate';
import { GPT } from '../../model/gpt';
import { adamW, type AdamW } from '../../training/adamw';
import { trainStep } from '../../training/step';
import { answer, timed, type Task } from './contender';
import { batchOf, configOf, PROMPT } from './shapes';

let made: { key: string; model: GPT; optimizer?: AdamW } | undefined;

async function modelOf({ shape }: Task): Promise<{ model: GPT; optimizer?: AdamW }> {
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
  const options = { maxNewTokens: task.count, eosTokenId: null, useCache: task.name === 'decodeCached' };
  return (await timed(1, () => generate(model.eval(), [PROMPT], options))) / task.count;
}

/** Bytes that a plain copy moves a second, counted once: the best of a few over memory that no cache holds. */
function copySpeed(): number {
  const from = new Uint8Array(1 << 27).fill(1);
  const to = new Uint8Array(from.length).fill(2);
  let best = Infinity;
  for (let i = 0; i < 8; i++) {
    const start = performance.now();
    to.set(from);
    best = Math.min(best, performance.now() - start);
  }
  return from.length / (best / 1000);
}

answer(run);
