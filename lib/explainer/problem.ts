/** What may be wrong with a state or a link, as data: the page says it in the reader's language. */
import type { UnknownWords } from '../base/checks';
import type { NumberRange } from './state';

type Kinds =
  | { readonly kind: 'unknown key'; readonly nearest?: string | undefined }
  | { readonly kind: 'choice'; readonly given: string; readonly allowed: readonly string[] }
  | { readonly kind: 'range'; readonly given: string; readonly range: NumberRange }
  | { readonly kind: 'unknown word' } & UnknownWords
  /** The numbers of the tokens that were given, and that are allowed. */
  | {
    readonly kind: 'empty' | 'too short' | 'too long';
    readonly tokens: number;
    readonly least: number;
    readonly most: number;
  };

/** One thing that is wrong. */
export type Problem = Kinds & {
  /** Of the state; of a link, also one that no state has. */
  readonly key: string;
};
