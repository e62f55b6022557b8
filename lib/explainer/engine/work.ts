/** What computations take: passes, tokens, arithmetic and time. */
import { sum } from '../../base/numbers';
import { passCost } from '../../experiments/pass-cost';
import { onEveryPass, type Pass } from '../../experiments/watch-passes';
import type { GPT } from '../../model/gpt';
import type { WorkDone } from './views';

/** A pass that was seen, with the logits that it gave and the time since the one before. */
export interface SeenPass {
  readonly pass: Pass;
  /** [batch · kept · vocab] */
  readonly logits: Float32Array;
  /** From the start of `work`, or from the end of the pass before, to the end of this one. */
  readonly milliseconds: number;
}

/** Runs `work` and returns every forward pass of `model` during it, with its logits. */
export async function seePasses(model: GPT, work: () => unknown): Promise<SeenPass[]> {
  const seen: SeenPass[] = [];
  let before = performance.now();
  const stop = onEveryPass((call) => {
    if (call.model !== model) return;
    const logits = call.logits.dataSync<'float32'>().slice(); // the tensor may be disposed soon
    const now = performance.now();
    seen.push({ pass: call.pass, logits, milliseconds: now - before });
    before = now;
  });
  try {
    await work();
  } finally {
    stop();
  }
  return seen;
}

/** The work of passes; `times` the FLOPs of each: 3 for a step of training. */
export function workOf(model: GPT, passes: readonly SeenPass[], times = 1): WorkDone {
  return {
    passes: passes.length,
    tokens: sum(passes.map(({ pass }) => pass.batch * pass.seq)),
    flops: times * sum(passes.map(({ pass }) => passCost(model.config, pass).flops)),
    milliseconds: sum(passes.map(({ milliseconds }) => milliseconds)),
  };
}

/** Before the first pass. */
export const NO_WORK: WorkDone = { passes: 0, tokens: 0, flops: 0, milliseconds: 0 };

/** The work of both together. */
export function addWork(a: WorkDone, b: WorkDone): WorkDone {
  return { passes: a.passes + b.passes, tokens: a.tokens + b.tokens, flops: a.flops + b.flops,
    milliseconds: a.milliseconds + b.milliseconds };
}
