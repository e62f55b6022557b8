/** The two examples that the page can show, with what is known of each before a model is loaded. */
import { knownIds } from '../base/checks';
import { EIGHT_TOKENS, PULL_REQUESTS, WITHOUT_MASK } from '../base/paths';
import { eightTokenExample } from '../experiments/eight-tokens';
import { language, wordTokenizer } from '../language/little-language';

/** A trained model, its vocabulary, and what it is shown with. */
export interface Example {
  /** The folder of its checkpoint. */
  readonly folder: string;
  /** That of a model trained without the causal mask; the same one if there is no other. */
  readonly folderWithoutMask: string;
  readonly layers: number;
  readonly heads: number;
  readonly width: number;
  /** The most tokens that a text may have. */
  readonly context: number;
  /** All tokens; the id of each is its index. */
  readonly vocabulary: readonly string[];
  readonly sentence: string;
  readonly prompt: string;
  readonly maxNewTokens: number;
  /** A second prompt for a batch, and the step of it at which the mistakes of padding show most. */
  readonly second: { readonly prompt: string; readonly step: number };
  /** The words of a text, whether the vocabulary has them or not. */
  readonly wordsOf: (text: string) => string[];
  /** @throws RangeError that names the unknown words, each with the nearest known one */
  readonly encode: (text: string) => number[];
  /** The text of these tokens, as a reader would write it. */
  readonly decode: (ids: readonly number[]) => string;
  /**
   * The exact probability of each token [vocab] after these; null where the language does not have
   * such a text, or there is no language.
   */
  readonly exactAfter: (ids: readonly number[]) => number[] | null;
}

const pullRequests: Example = {
  folder: PULL_REQUESTS,
  folderWithoutMask: WITHOUT_MASK,
  layers: 2,
  heads: 4,
  width: 64,
  context: 64,
  vocabulary: wordTokenizer.vocabulary,
  sentence: 'The agent opened a pull request for review.',
  prompt: 'The agent opened a pull request',
  maxNewTokens: 12,
  second: { prompt: 'The bug', step: 3 },
  wordsOf: wordTokenizer.words,
  encode: (text) => wordTokenizer.encode(text),
  decode: (ids) => wordTokenizer.decode(ids),
  exactAfter: (ids) => {
    const words = ids.map((id) => wordTokenizer.token(id));
    if (language.logProbability(words) === -Infinity) return null;
    const next = language.nextWordProbabilities(words);
    return wordTokenizer.vocabulary.map((token) => next.get(token) ?? 0);
  },
};

const ids = new Map(eightTokenExample.tokens.map((token, id) => [token, id]));

const eightWords = (text: string): string[] => text.match(/[^\s!]+|!/g) ?? [];

const eightTokens: Example = {
  folder: EIGHT_TOKENS,
  folderWithoutMask: EIGHT_TOKENS,
  layers: 1,
  heads: 1,
  width: 4,
  context: 8,
  vocabulary: eightTokenExample.tokens,
  sentence: eightTokenExample.tokens.join(' '),
  prompt: 'I love',
  maxNewTokens: 3,
  second: { prompt: 'I', step: 1 },
  wordsOf: eightWords,
  encode: (text) => knownIds(eightWords(text), ids),
  decode: (all) => all.map((id) => eightTokenExample.tokens[id]).join(' '),
  exactAfter: () => null,
};

export const EXAMPLES = { 'pull-requests': pullRequests, 'eight-tokens': eightTokens };

/** The name of an example. */
export type ExampleName = keyof typeof EXAMPLES;
