/** Expected wrong answers to 16.6.4, a draft verified. */
import { edit, type Mistake } from '../../exercise';
import { CHANCE } from '../samples';
import { SIGNATURE, solution } from './verified-answers';

export const mistakes: readonly Mistake[] = [
  {
    says: 'the replacement is sampled from target: what the draft already gives would come up too '
      + 'often; sample what is missing, max(0, target − draft)',
    source: edit(solution, ['dice.choose(missing)', 'dice.choose(target[i])'], [
      'const missing = target[i].map((share, id) => Math.max(0, share - draft[i][id]));\n      ',
      '',
    ]),
  },
  {
    says: 'the replacement is sampled from draft, the model that was just rejected: sample from '
      + 'max(0, target − draft)',
    source: edit(solution, ['dice.choose(missing)', 'dice.choose(draft[i])'], [
      'const missing = target[i].map((share, id) => Math.max(0, share - draft[i][id]));\n      ',
      '',
    ]),
  },
  {
    says: 'the absolute difference is sampled from: where draft is larger than target nothing is '
      + 'missing, so the weight is 0 there',
    source: edit(solution, [
      'Math.max(0, share - draft[i][id])',
      'Math.abs(share - draft[i][id])',
    ]),
  },
  {
    says: 'the acceptance is upside down: min(1, target / draft), not draft / target',
    source: edit(solution, [
      'dice.uniform() * draft[i][token] >= target[i][token]',
      'dice.uniform() * target[i][token] >= draft[i][token]',
    ], [
      'dice.choose(missing)',
      'dice.choose(missing.some((one) => one > 0) ? missing : target[i])',
    ]),
  },
  {
    says: 'a token is accepted with probability target, not target / draft: the draft has '
      + 'already chosen it',
    source: edit(solution, ['dice.uniform() * draft[i][token]', 'dice.uniform()'], [
      'dice.choose(missing)',
      'dice.choose(missing.some((one) => one > 0) ? missing : target[i])',
    ]),
  },
  {
    says: 'no random number decides: a token is rejected whenever target is below draft; reject it '
      + 'only with probability 1 − target / draft',
    source: edit(solution, ['dice.uniform() * draft', 'draft'], ['>= target', '> target']),
  },
  {
    says: CHANCE,
    source: edit(solution, ['dice.uniform()', 'Math.random()']),
  },
  {
    says: 'all drafted tokens are accepted',
    source: `${SIGNATURE}
  return [...drafted, dice.choose(target[drafted.length])];
}`,
  },
  {
    says: 'the loop goes on after a rejection: the tokens behind it were drafted after a token '
      + 'that is not there',
    source: edit(solution, [
      'return [...tokens, dice.choose(missing)];',
      `tokens.push(
        dice.choose(missing));
      continue;`,
    ]),
  },
  {
    says: 'the rejected token stays in the result, in front of its replacement',
    source: edit(solution, [
      '[...tokens, dice.choose(missing)]',
      '[...tokens, token, dice.choose(missing)]',
    ]),
  },
  {
    says: 'no token follows the accepted ones: the pass of the large model gives one more, from '
      + 'the last row of target',
    source: edit(solution, ['[...tokens, dice.choose(target[drafted.length])]', 'tokens']),
  },
  {
    says: 'one random number decides about all drafted tokens: each needs its own',
    source: edit(solution, ['  const tokens', '  const luck = dice.uniform();\n  const tokens'], [
      'dice.uniform() * draft',
      'luck * draft',
    ]),
  },
  {
    says: 'the last token is sampled from the wrong row: one after the drafted tokens, '
      + 'target[drafted.length]',
    source: edit(solution, [
      'dice.choose(target[drafted.length])',
      'dice.choose(target[Math.max(0, drafted.length - 1)])',
    ]),
  },
];
