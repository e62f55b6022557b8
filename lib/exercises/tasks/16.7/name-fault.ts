import type { Random } from '../../../base/random';
import { nextTokenProbabilities } from '../../../inference/processors';
import type { Case, Exercise } from '../../exercise';
import { edit } from '../../exercise';
import { FAULTS, SUSPECTS, suspectSampler } from '../../suspect-samplers';

const HEAD = `type Fault = 'none' | 'crossing token' | 'order' | 'sign' | 'prompt'
  | 'temperature 0';

function nameFault(sampler: ReturnType<typeof suspectSampler>): Fault {`;

const solution = `${HEAD}
  const logits = [2, 1, 0, -1]; // shares of 64, 24, 9 and 3 %
  const kept = (settings: Parameters<typeof sampler>[1]) =>
    sampler(logits, settings, [], []).filter((share) => share > 0).length;
  if (sampler(logits, { temperature: 0 }, [], [])[0] !== 1) return 'temperature 0';
  if (kept({ topP: 0.8 }) !== 2) return 'crossing token';
  if (kept({ topP: 0.8, temperature: 3 }) !== 3) return 'order';
  const plain = sampler(logits, {}, [3], []);
  const penalized = sampler(logits, { repetitionPenalty: 2 }, [3], []);
  if (penalized[3] > plain[3]) return 'sign';
  return penalized[3] === plain[3] ? 'prompt' : 'none';
}`;

/** The other form of a fault, where it has one. */
const ofOtherForm = (random: Random): Case[] =>
  random.shuffle(FAULTS).map((fault) => ({ input: { fault, isOther: true }, part: 1,
    says: 'a sampler whose bug has a different form' })
  );

export const nameFault: Exercise = {
  id: '16.7.6',
  name: 'nameFault',
  cell: 'name-fault',
  title: 'The detective of samplers',
  minutes: 25,
  difficulty: 'hard',
  statement: "`suspectSampler('A')` to `suspectSampler('F')` give six samplers. Each is a function "
    + '`sampler(logits, { temperature, topP, repetitionPenalty }, prompt, written)` that returns '
    + 'probabilities; the settings are off by default. One follows the rules of this notebook: '
    + 'penalties for the tokens of prompt and text, then the temperature, then top-p. The others '
    + 'each have one bug that projects shipped: the nucleus lacks its `crossing token`; top-p '
    + 'comes before the temperature (`order`); the penalty divides negative logits (`sign`); it '
    + 'ignores the `prompt`; or `temperature 0` is not greedy.\n\nWrite `nameFault`. It gives the '
    + 'sampler logits of your own and returns the name of its bug, or `none`. *Predict first: for '
    + 'which of the bugs do you need a negative logit?*',
  stub: `${HEAD}
  return 'none'; // your code
}`,
  look: [{
    id: 'name-all-faults',
    source: `for (const letter of 'ABCDEF')
  console.log(letter, nameFault(suspectSampler(letter)));`,
  }],
  solution,
  others: [
    {
      says: 'each expectation computed by the library, in the order of the processors',
      source: `${HEAD}
  const differs = (logits: number[], settings: Parameters<typeof sampler>[1],
    prompt: number[], written: number[]) => {
    const wanted = nextTokenProbabilities(logits, settings, [...prompt, ...written]);
    const came = sampler(logits, settings, prompt, written);
    return !came.every((share, id) => Math.abs(share - wanted[id]) < 1e-6);
  };
  const logits = [3, 2, 1, -2, -3];
  if (differs(logits, { temperature: 0 }, [], [])) return 'temperature 0';
  if (differs(logits, { topP: 0.9 }, [], [])) return 'crossing token';
  if (differs(logits, { topP: 0.7, temperature: 5 }, [], [])) return 'order';
  if (differs(logits, { repetitionPenalty: 1.5 }, [], [3])) return 'sign';
  return differs(logits, { repetitionPenalty: 1.5 }, [0], []) ? 'prompt' : 'none';
}`,
    },
    {
      says: 'the penalty first, by its effect on a positive and on a negative logit',
      source: `${HEAD}
  const shareOf = (id: number, repetitionPenalty: number, written: number[]) =>
    sampler([1, 0.5, -1], { repetitionPenalty }, [id], written)[id];
  if (shareOf(2, 3, []) > shareOf(2, 1, [])) return 'sign';
  if (shareOf(0, 3, []) === shareOf(0, 1, [])) return 'prompt';
  const cold = sampler([0, 1], { temperature: 0 }, [], []);
  if (!(cold[1] > 0.999)) return 'temperature 0';
  const nucleusOf = (temperature: number) =>
    sampler([5, 3, 1], { temperature, topP: 0.95 }, [], []).map(Math.sign).join();
  if (nucleusOf(1) !== '1,1,0') return 'crossing token';
  return nucleusOf(8) === nucleusOf(1) ? 'order' : 'none';
}`,
    },
  ],
  hints: [
    'Try one setting at a time on four logits whose probabilities you know, such as 2, 1, 0, -1: '
    + '64, 24, 9 and 3 %. Which nucleus must P = 0.8 leave?',
    'The order shows only where both settings are on: a high temperature makes the nucleus larger '
    + 'if it comes first, and leaves it as it is if it comes last.',
    'Repeat a token with a negative logit, in the prompt. Its probability must fall. It rises '
    + 'with one bug and does not move with another.',
    'At temperature 0 the first probability must be exactly 1. NaN is not: `NaN !== 1` is true.',
  ],
  right: 'the six samplers, and the same bugs in a different form',
  explore: 'give the samplers two equal largest logits at temperature 0: which does the right one '
    + 'take, and would you call the other one a bug?',
  parts: [
    { says: 'the six samplers', points: 3 },
    { says: 'the bugs in a different form', points: 2 },
  ],
  observer: 'judgeSampler',
  shown: SUSPECTS.map(([letter, fault]) => ({ input: { fault, isOther: false },
    says: `sampler ${letter}` })
  ),
  hidden: ofOtherForm,
  tellsWanted: false,
  diagnose: (came) =>
    FAULTS.some((fault) => fault === came)
      ? undefined
      : `the result must be one of: ${FAULTS.join(', ')}`,
  mistakes: [
    {
      says: 'the sign counts as right: try the penalty on a token whose logit is negative',
      source: edit(solution, ['penalized[3] > plain[3]', 'penalized[0] > plain[0]']),
    },
    {
      says: 'a penalty that ignores the prompt counts as right: put the repeated token there',
      source: edit(
        solution,
        ["penalized[3] === plain[3] ? 'prompt' : 'none'", "'none'"],
      ),
    },
    {
      says: 'the order counts as right: it shows only with a temperature and top-p together',
      source: edit(solution, ['kept({ topP: 0.8, temperature: 3 }) !== 3', 'false']),
    },
    {
      says: 'temperature 0 counts as right: a small temperature is not 0',
      source: edit(solution, ['temperature: 0 }', 'temperature: 0.01 }']),
    },
    {
      says: 'a nucleus that lacks its crossing token counts as right, if the first token stays: '
        + 'choose a P above the first probability',
      source: edit(
        solution,
        ['kept({ topP: 0.8 }) !== 2', 'kept({ topP: 0.5 }) !== 1'],
        ['kept({ topP: 0.8, temperature: 3 }) !== 3', 'kept({ topP: 0.5, temperature: 3 }) === 1'],
      ),
    },
    {
      says: 'sign and prompt are swapped: with which of them does the probability rise?',
      source: edit(
        solution,
        ["return 'sign'", "return 'prompt'"],
        ["? 'prompt' : 'none'", "? 'sign' : 'none'"],
      ),
    },
    {
      says: 'order and crossing token are swapped: without the crossing token the nucleus is too '
        + 'small at temperature 1 as well',
      source: edit(solution, ["return 'crossing token'", "return 'order'"], [
        ") !== 3) return 'order'",
        ") !== 3) return 'crossing token'",
      ]),
    },
  ],
  scope: () => ({ suspectSampler, nextTokenProbabilities }),
};
