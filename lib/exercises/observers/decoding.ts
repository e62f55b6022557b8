/** Observers of answers that run a model, or that sample (16.6). */
import { PULL_REQUESTS } from '../../base/paths';
import { Random } from '../../base/random';
import { GPT } from '../../model/gpt';
import { encode, type PlainData, toPlain } from '../plain';
import { asFunction, atOnce } from './calls';
import type { Observer } from './index';
import { watchEveryModel } from './every-model';

/**
 * What `answer(...args)` returns, the passes it takes, and the tensors it leaves. Other names in
 * the input are for the judge.
 */
export const writing: Observer = (answer, input, notes) => {
  const { args } = input as { args: PlainData[] };
  const before = encode(args);
  const write = asFunction(answer);
  const watched = watchEveryModel(() => toPlain(atOnce(write(...args))));
  notes.changedInput = encode(toPlain(args)) !== before;
  return { ...watched };
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

/** How many of the first calls are repeated with the same seed. */
const REPEATED = 60;

/**
 * `outcomes`: the different results of `answer(…values, random)` in `samples` calls, with their
 * counts. `repeats`: whether the first calls give the same results again with the same seed.
 */
export const sampling: Observer = (answer, input) => {
  const { values, samples, seed } = input as { values: PlainData[]; samples: number; seed: number };
  const sample = asFunction(answer);
  const call = (random: Random): PlainData => toPlain(atOnce(sample(...copy(values), random)));
  const random = new Random(seed);
  const counts = new Map<string, { result: PlainData; count: number }>();
  const first: string[] = [];
  for (let n = 0; n < samples; n++) {
    const result = call(random);
    const key = encode(result);
    if (n < REPEATED) first.push(key);
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { result, count: 1 });
  }
  const again = new Random(seed);
  const repeats = first.map((key) => key === encode(call(again))).every(Boolean);
  return { outcomes: [...counts.values()], repeats };
};
