/** Right answers to 16.6.4, a draft verified. */
import type { Alternative } from '../../exercise';

export const SIGNATURE = `function verified(
  target: number[][], draft: number[][], drafted: number[], dice: Random,
): number[] {`;

export const solution = `${SIGNATURE}
  const tokens: number[] = [];
  for (const [i, token] of drafted.entries()) {
    if (dice.uniform() * draft[i][token] >= target[i][token]) {
      const missing = target[i].map((share, id) => Math.max(0, share - draft[i][id]));
      return [...tokens, dice.choose(missing)]; // choose divides by the sum
    }
    tokens.push(token);
  }
  return [...tokens, dice.choose(target[drafted.length])];
}`;

export const others: readonly Alternative[] = [
  {
    says: 'the number of accepted tokens first, then the one that follows them',
    source: `${SIGNATURE}
  const accepts = (token: number, i: number) =>
    dice.uniform() < Math.min(1, target[i][token] / draft[i][token]);
  let count = 0;
  while (count < drafted.length && accepts(drafted[count], count)) count += 1;
  const q = draft[count] ?? target[count].map(() => 0); // no draft: nothing is missing
  const missing = target[count].map((p, id) => Math.max(0, p - q[id]));
  return [...drafted.slice(0, count), dice.choose(missing)];
}`,
  },
  {
    says: 'by recursion, with a sum of probabilities instead of dice.choose',
    source: `${SIGNATURE}
  const sample = (weights: number[]) => {
    let left = dice.uniform() * weights.reduce((a, b) => a + b);
    const id = weights.findIndex((weight) => (left -= weight) < 0);
    return id < 0 ? weights.findIndex((weight) => weight > 0) : id;
  };
  const [p, ...later] = target;
  if (drafted.length === 0) return [sample(p)];
  const [q, ...drafts] = draft;
  const [token, ...rest] = drafted;
  if (dice.uniform() < p[token] / q[token])
    return [token, ...verified(later, drafts, rest, dice)];
  return [sample(p.map((share, id) => Math.max(share - q[id], 0)))];
}`,
  },
];
