/** Observers of answers that run a model, or that sample (16.6). */
import { PULL_REQUESTS } from '../../base/paths';
import { GPT } from '../../model/gpt';
import { type PlainData, toPlain } from '../plain';
import { asFunction, atOnce, noting } from './calls';
import type { Observer } from './index';
import { watchEveryModel } from './every-model';
import { tally } from './tally';

/**
 * What `answer(...args)` returns, the passes it takes, and the tensors it leaves. Other names in
 * the input are for the judge.
 */
export const writing: Observer = (answer, input, notes) => {
  const { args } = input as { args: PlainData[] };
  const write = asFunction(answer);
  return noting(args, notes, () => watchEveryModel(() => toPlain(atOnce(write(...args)))));
};

/** What `answer(model, ids, calls)` returns for a model in one of its modes, and its passes. */
export const detectMode: Observer = async (answer, input) => {
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
    return { result, passes: passes.length, calls, training: model.training };
  } finally {
    model.dispose();
  }
};

/** As structuredClone, and faster: an answer may change what it is given. */
const copy = (values: readonly PlainData[]): PlainData[] =>
  values.map((value) => (Array.isArray(value) ? copy(value as PlainData[]) : value));

/** How often `answer(…values, random)` gives each result; see tally.ts. */
export const sampling: Observer = (answer, input) => {
  const { values, samples, seed } = input as { values: PlainData[]; samples: number; seed: number };
  const sample = asFunction(answer);
  return tally(samples, seed, (random) => toPlain(atOnce(sample(...copy(values), random))));
};
