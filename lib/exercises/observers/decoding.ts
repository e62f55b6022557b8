/** Observers of answers that run a model, or that sample (16.6). */
import { PULL_REQUESTS } from '../../base/paths';
import { Random } from '../../base/random';
import { GPT } from '../../model/gpt';
import { encode, type Plain, toPlain } from '../plain';
import { asFunction, atOnce } from './calls';
import type { Observer } from './index';
import { watchEveryModel } from './every-model';

/** What `answer(start, count)` returns, the passes it takes, and the tensors it leaves. */
export const writing: Observer = (answer, input) => {
  const { start, count } = input as { start: Plain[]; count: number };
  const write = asFunction(answer);
  const watched = watchEveryModel(() => toPlain(atOnce(write(start, count))));
  return { ...watched };
};

/** What `answer(model, ids, calls)` returns for a model in one of its modes, and its passes. */
export const mode: Observer = async (answer, input) => {
  const { rates, training, ids, calls } = input as {
    rates: Record<string, number>;
    training: boolean;
    ids: number[];
    calls: number;
  };
  const compare = asFunction(answer);
  const model = await GPT.load(PULL_REQUESTS, rates);
  if (training) model.train();
  try {
    const { result, passes } = watchEveryModel(() => toPlain(atOnce(compare(model, ids, calls))));
    const rows = passes.reduce((sum, pass) => sum + pass.rows, 0);
    return { result, passes: rows, calls, training: model.training };
  } finally {
    model.dispose();
  }
};

/** The different results of `answer(…values, random)`, and how often each comes in `samples` calls. */
export const sampling: Observer = (answer, input) => {
  const { values, samples, seed } = input as { values: Plain[]; samples: number; seed: number };
  const sample = asFunction(answer);
  const random = new Random(seed);
  const counts = new Map<string, { result: Plain; count: number }>();
  for (let n = 0; n < samples; n++) {
    const result = toPlain(atOnce(sample(...structuredClone(values), random)));
    const key = encode(result);
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { result, count: 1 });
  }
  return [...counts.values()];
};
