/** The little language of the course: its exact probabilities and its tokenizer. */
import { countWordsBy } from '../base/declaration';
import { WordLevelTokenizer } from '../text/tokenizer';
import { ExactLanguage } from './exact-language';
import { pullRequestRules } from './pull-request-rules';

/** Sentences about agents and pull requests, with the exact probability of every next word. */
export const language = new ExactLanguage(pullRequestRules);

/** `<pad>` is 0, `<eos>` is 1, then the words in alphabetical order; one word, one token. */
export const wordTokenizer = new WordLevelTokenizer(language.words);

countWordsBy((text) => wordTokenizer.encode(text).length);
