/** Gives an answer a function from token ids to logits that may see the future (16.2). */
import type { ForwardOptions } from '../../model/gpt';
import { tf } from '../../tensor/tf';
import { asFunction, atOnce } from './calls';
import type { Observer } from './index';
import { trainedModel } from './trained-model';

/** [seq] → [seq][vocab] */
type Logits = (ids: readonly number[]) => number[][];

interface Suspect {
  /** The text that the answer gets. */
  ids: number[];
  /** The later positions that a position sees. */
  sees: Record<string, number[]>;
  /** How much of a logit comes from a pass in which they are seen, from 0 to 1. */
  share: number;
}

/** What the answer says of the course's model, changed so that some positions see further. */
export const suspect: Observer = async (answer, input) => {
  const { ids, sees, share } = input as unknown as Suspect;
  const model = await trainedModel();
  const logitsOf = (text: readonly number[], options: ForwardOptions): number[][] =>
    tf.tidy(() => model.forward([[...text]], options).arraySync()[0]!);
  const logits: Logits = (text) =>
    logitsOf(text, {}).map((own, t) => {
      const later = (sees[t] ?? []).filter((j) => j < text.length);
      if (later.length === 0) return own;
      const seen = [...text.slice(0, t + 1).keys(), ...later];
      const words = seen.map((j) => text[j]!);
      const further = logitsOf(words, { causal: false, positionIds: [seen] })[t]!;
      return own.map((value, v) => (1 - share) * value + share * further[v]!);
    });
  return atOnce(asFunction(answer)(logits, [...ids]));
};
