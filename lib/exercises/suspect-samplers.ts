/**
 * Samplers to be judged (16.7.6): one follows the rules of `generate`, the others each have a bug
 * that real projects shipped; experiments/shipped-bugs.ts has the reports.
 */
import { check } from '../base/checks';
import { log } from '../base/exp-and-log';
import { mostProbable } from '../base/numbers';
import { nextTokenProbabilities } from '../inference/processors';

/** What may be wrong with a sampler. */
export const FAULTS = [
  'none',
  'crossing token',
  'order',
  'sign',
  'prompt',
  'temperature 0',
] as const;

export type Fault = typeof FAULTS[number];

/** The settings of a sampler; each is off by default. */
export interface SamplerSettings {
  temperature?: number;
  topP?: number;
  repetitionPenalty?: number;
}

/**
 * The distribution [vocab] of the next token from `logits` [vocab]; `prompt` and `written` are the
 * tokens so far.
 */
export type Sampler = (
  logits: readonly number[],
  settings: SamplerSettings,
  prompt: readonly number[],
  written: readonly number[],
) => number[];

/** The samplers by letter. */
const LETTERS: Readonly<Record<string, Fault>> = { A: 'order', B: 'temperature 0', C: 'none',
  D: 'prompt', E: 'crossing token', F: 'sign' };

/**
 * The sampler of exercise 16.7.6 with this letter, from A to F.
 * @throws RangeError on a different letter
 */
export function suspectSampler(letter: string): Sampler {
  const letters = Object.keys(LETTERS).join(', ');
  check(Object.hasOwn(LETTERS, letter), 'the letter', `one of ${letters}`, letter);
  return samplerWith(LETTERS[letter]!);
}

/** The letters of the samplers, and the fault of each. */
export const SUSPECTS = Object.entries(LETTERS);

/** A sampler with this fault; `isOther` for a different form of the same fault. */
export function samplerWith(fault: Fault, isOther = false): Sampler {
  return (logits, settings, prompt, written) => {
    const { temperature = 1, topP = 1, repetitionPenalty = 1 } = settings;
    const ids = fault === 'prompt' ? written : [...prompt, ...written];
    const scores = fault === 'sign'
      ? logits.map((logit, id) => (ids.includes(id) ? logit / repetitionPenalty : logit))
      : logits;
    const penalty = fault === 'sign' ? 1 : repetitionPenalty;
    const sample = (
      options: SamplerSettings,
    ): number[] => [
      ...nextTokenProbabilities(scores, { repetitionPenalty: penalty, ...options }, [...ids]),
    ];
    switch (fault) {
      case 'temperature 0':
        if (temperature !== 0) break;
        return isOther ? sample({ topP }) : logits.map(() => NaN); // ignored, or divided by
      case 'order': {
        const cut = sample({ topP }).map(log);
        return [...nextTokenProbabilities(cut, { temperature })];
      }
      case 'crossing token':
        return withoutCrossing(sample({ temperature }), topP, isOther);
    }
    return sample({ temperature, topP });
  };
}

/** The nucleus without the token that crosses P; the first token stays, unless `mayBeEmpty`. */
function withoutCrossing(shares: readonly number[], topP: number, mayBeEmpty: boolean): number[] {
  if (topP >= 1) return [...shares];
  let cumulative = 0;
  const kept = mostProbable(shares, shares.length).filter((id, rank) => {
    cumulative += shares[id]!;
    return cumulative <= topP || rank === 0 && !mayBeEmpty;
  });
  const total = kept.reduce((sum, id) => sum + shares[id]!, 0);
  return shares.map((share, id) => (kept.includes(id) ? share / total : 0));
}
