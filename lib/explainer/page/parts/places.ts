/** What of the page belongs together: positions of the same text, a pass and its token. */
import type { InferenceView, TrainingView } from '../../engine/views';

/** How many tokens the sentence of training and the run begin with in common. */
export function commonOf({ positions }: TrainingView, { sequence }: InferenceView): number {
  const sentence = [...positions.map(({ input }) => input.id), positions.at(-1)!.target.id];
  const end = sequence.findIndex(({ id }, i) => id !== sentence[i]);
  return end < 0 ? sequence.length : end;
}

/**
 * The `data-at` of a position of inference: that of training while both texts have the same
 * `common` tokens up to there, and one of its own after them.
 */
export const placeOf = (position: number, common: number): string =>
  position < common ? String(position) : `inference ${position}`;

/** The `data-group` of a pass of inference, and of the token that it chose. */
export const passGroup = (pass: number): string => `pass ${pass}`;

/** The `data-group` of a way to compute the numbers. */
export const wayGroup = (name: string): string => `way ${name}`;
