/** Arithmetic on rows of numbers that are not tensors. */

/** The index of the largest number; of equals, the first. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/** exp(logit), divided by the sum of all: numbers that sum to 1. */
export function softmax(logits: ArrayLike<number>): Float64Array {
  const scores = new Float64Array(logits);
  const most = scores[argmax(scores)]!;
  const powers = scores.map((score) => Math.exp(score - most)); // no overflow: the largest is exp(0)
  const total = sum(powers);
  return powers.map((power) => power / total);
}

/** log(softmax): also right where the probability is too small for a number. */
export function logSoftmax(logits: ArrayLike<number>): Float64Array {
  const scores = new Float64Array(logits);
  const most = scores[argmax(scores)]!;
  const logSum = Math.log(sum(scores.map((score) => Math.exp(score - most))));
  return scores.map((score) => score - most - logSum);
}

/** The sum of numbers, in their order. */
export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** The mean of numbers; NaN if there are none. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
