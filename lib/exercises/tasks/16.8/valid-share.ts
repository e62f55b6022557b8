import type { Exercise } from '../../exercise';
import { edit } from '../../exercise';

const solution = `function validShare(places: number, ways: number): number {
  return (1 / ways) ** (places - 1); // the first place is free, the others follow it
}`;

export const validShare: Exercise = {
  id: '16.8.1',
  name: 'validShare',
  cell: 'valid-share',
  title: 'How often is it right?',
  minutes: 5,
  difficulty: 'easy',
  statement: 'A prompt has `ways` equally probable continuations. They differ at `places` '
    + 'positions, and at each of these every continuation has a word of its own. Write '
    + '`validShare`: the probability that independent samples at these positions give one of the '
    + 'continuations.',
  stub: `function validShare(places: number, ways: number): number {
  return 1; // your code
}`,
  solution,
  others: [
    {
      says: 'place by place',
      source: `function validShare(places: number, ways: number): number {
  let share = 1;
  for (let place = 1; place < places; place++) share /= ways;
  return share;
}`,
    },
    {
      says: 'the continuations, out of all combinations of words',
      source: `function validShare(places: number, ways: number): number {
  return ways / ways ** places;
}`,
    },
  ],
  hints: [
    'The first of these positions may hold the word of any continuation. Each of the others must '
    + 'hold a word of the same one.',
    'How many combinations of words are there, and how many of them are continuations?',
  ],
  right: 'one place, one way, and shares down to one in a million: it falls with every place',
  explore:
    'with two ways, how many places are enough to make fewer than 1 % of the texts possible?',
  parts: [{ says: 'the share', points: 2 }],
  observer: 'call',
  shown: [{ input: [1, 5] }, { input: [2, 3] }, { input: [3, 2] }, { input: [4, 1] }, {
    input: [4, 10],
  }, { input: [7, 10] }],
  hidden: (random) =>
    Array.from({ length: 4 }, () => ({ input: [2 + random.integer(5), 2 + random.integer(9)] })),
  agrees: (came, wanted) =>
    Math.abs((came as number) - (wanted as number)) <= 1e-9 * (wanted as number),
  diagnose: (came) =>
    typeof came === 'number' && came > 1 ? 'a probability is never above 1' : undefined,
  mistakes: [
    {
      says: 'this is the probability of one particular continuation: the first place may hold the '
        + 'word of any of them',
      source: edit(solution, ['(places - 1)', 'places']),
    },
    ...['places < 2 ? 1 : 1 / ways', '1 / ways'].map((share) => ({
      says: 'only two places are compared: every further place must hold the same continuation as '
        + 'well',
      source: edit(solution, ['(1 / ways) ** (places - 1)', share]),
    })),
    {
      says: 'places and ways are swapped: every place after the first has a factor of 1 / ways',
      source: edit(solution, ['(1 / ways) ** (places - 1)', '(1 / places) ** (ways - 1)']),
    },
    {
      says: 'the places are independent, so their probabilities are multiplied: each place after '
        + 'the first has a factor of 1 / ways',
      source: edit(solution, [
        '(1 / ways) ** (places - 1)',
        '1 / (ways * Math.max(1, places - 1))',
      ]),
    },
    {
      says: 'this is the share of texts that are mixed: the rest of 1 is wanted',
      source: edit(solution, ['(1 / ways) ** (places - 1)', '1 - (1 / ways) ** (places - 1)']),
    },
    {
      says: 'each place after the first has a factor of 1 / ways, not 1 / 2',
      source: edit(solution, ['(1 / ways)', '0.5']),
    },
    {
      says: 'each place after the first must agree with the one before: the factor is 1 / ways; '
        + '1 − 1 / ways is the probability that it does not',
      source: edit(solution, ['(1 / ways)', '(1 - 1 / ways)']),
    },
  ],
};
