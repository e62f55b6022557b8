/**
 * The tokenizers of text/tokenizer.ts, and GPT-2's, as files: `tokenizer.json` and
 * `tokenizer_config.json`, which Hugging Face transformers and `loadTokenizer` read, too, with the
 * same ids and texts.
 */
import { check } from '../base/checks';
import { platform } from '../base/platform';
import { naming } from '../base/text-file';
import { CharacterTokenizer, EOS, PAD, type Tokenizer,
  WordLevelTokenizer } from '../text/tokenizer';
import { END_OF_TEXT, gpt2Tokenizer, isGpt2Tokenizer } from './gpt2-tokenizer';
import { gpt2Description } from './gpt2-tokenizer-json';
import { type Files, jsonText } from './model-files';
import { readObject } from './json';
import { readTokenizer, sourceOf } from './pretrained-tokenizer';

export const TOKENIZER_FILE = 'tokenizer.json';
const TOKENIZER_CONFIG_FILE = 'tokenizer_config.json';

/** How each kind of tokenizer cuts a text, and joins tokens again. */
const KINDS = {
  words: {
    Kind: WordLevelTokenizer,
    // without \s, which in Rust also matches U+0085, and not U+FEFF
    token: "[\\p{L}\\p{M}\\p{N}]+(?:['’\\-_][\\p{L}\\p{M}\\p{N}]+)*"
      + '|[^\\t\\n\\x0B\\f\\r \\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000'
      + '\\uFEFF]',
    decoders: [
      { type: 'WordPiece', prefix: '##', cleanup: false }, // a space before each but the first
      { type: 'Fuse' },
      { type: 'Replace', pattern: { Regex: ' (?=[.,;:!?)\\]}](?: |$))' }, content: '' },
      { type: 'Replace', pattern: { Regex: '(?<=^[(\\[{]| [(\\[{]) ' }, content: '' },
    ],
  },
  characters: {
    Kind: CharacterTokenizer,
    token: '[\\s\\S]',
    decoders: [{ type: 'Fuse' }],
  },
} as const;

/** The kind of a tokenizer of the course. */
type OwnKind = keyof typeof KINDS | 'gpt2';

/** The kind of a tokenizer that can be saved: one of the course's, or one of `loadTokenizer`. */
export type TokenizerKind = OwnKind | 'pretrained';
export const TOKENIZER_KINDS: readonly TokenizerKind[] = [
  ...Object.keys(KINDS) as (keyof typeof KINDS)[],
  'gpt2',
  'pretrained',
];

/** The kind of `tokenizer`; undefined if it cannot be saved. */
export const kindOf = (tokenizer: Tokenizer): TokenizerKind | undefined =>
  sourceOf(tokenizer) ? 'pretrained' : ownKindOf(tokenizer);

function ownKindOf(tokenizer: Tokenizer): OwnKind | undefined {
  if (tokenizer instanceof WordLevelTokenizer) return 'words';
  if (tokenizer instanceof CharacterTokenizer) return 'characters';
  return isGpt2Tokenizer(tokenizer) ? 'gpt2' : undefined;
}

/**
 * The two files of a tokenizer: those that it was read from, if it is one of `loadTokenizer`.
 * @throws RangeError if it is neither such a one nor one of the course's
 */
export function tokenizerFiles(tokenizer: Tokenizer): Files {
  const source = sourceOf(tokenizer);
  if (source) {
    return { [TOKENIZER_FILE]: [JSON.stringify(source.description)],
      [TOKENIZER_CONFIG_FILE]: [jsonText(source.settings)] };
  }
  const kind = ownKindOf(tokenizer);
  const wanted = 'one of loadTokenizer, a WordLevelTokenizer, a CharacterTokenizer or '
    + 'gpt2Tokenizer()';
  if (kind === undefined) throw new RangeError(`tokenizer must be ${wanted}`);
  const [eos, pad] = kind === 'gpt2' ? [END_OF_TEXT, END_OF_TEXT] : [EOS, PAD];
  const special = { single_word: false, lstrip: false, rstrip: false, normalized: false,
    special: true };
  const description = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [...new Set([pad, eos])].map((content) => ({
      id: tokenizer.encode(content)[0],
      content,
      ...special,
    })),
    ...(kind === 'gpt2'
      ? gpt2Description()
      : describe(KINDS[kind], tokenizer as WordLevelTokenizer | CharacterTokenizer)),
  };
  const settings = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    eos_token: eos,
    pad_token: pad,
    clean_up_tokenization_spaces: false,
    // without token_type_ids: transformers 4 makes them by default, and its GPT-2 adds them
    model_input_names: ['input_ids', 'attention_mask'],
  };
  // GPT-2's is long, and nobody reads it
  const text = kind === 'gpt2' ? JSON.stringify(description) : jsonText(description);
  return { [TOKENIZER_FILE]: [text], [TOKENIZER_CONFIG_FILE]: [jsonText(settings)] };
}

/** What a `tokenizer.json` holds beside the special tokens. */
function describe(
  { token, decoders }: typeof KINDS[keyof typeof KINDS],
  { vocabulary }: WordLevelTokenizer | CharacterTokenizer,
): object {
  return {
    normalizer: null,
    pre_tokenizer: { type: 'Split', pattern: { Regex: token }, behavior: 'Removed', invert: true },
    post_processor: null,
    decoder: { type: 'Sequence', decoders },
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(vocabulary.map((each, id) => [each, id])),
      unk_token: '<unk>', // not in the vocabulary, so an unknown token is an error there, too
    },
  };
}

/**
 * The tokenizer whose files {@link tokenizerFiles} has written into `folder`.
 * @throws Error that names the file, if it is not of this kind
 */
export async function tokenizerIn(folder: string, kind: TokenizerKind): Promise<Tokenizer> {
  if (kind === 'pretrained') return readTokenizer(folder);
  const file = platform.join(folder, TOKENIZER_FILE);
  const json = await readObject(file);
  return naming(file, () => fromJson(kind, json));
}

function fromJson(kind: OwnKind, json: Record<string, unknown>): Tokenizer {
  if (kind === 'gpt2') return gpt2Tokenizer();
  const { vocab } = (json.model ?? {}) as { vocab?: Record<string, number> };
  const entries = Object.entries(vocab ?? {}).sort(([, a], [, b]) => a - b);
  const [pad, eos, ...tokens] = entries.map(([token]) => token);
  const isWhole = pad === PAD && eos === EOS && entries.every(([, id], place) => id === place);
  check(isWhole, 'vocab', `${PAD}, ${EOS} and other tokens, with the ids 0, 1, 2, …`, vocab);
  return new KINDS[kind].Kind(tokens);
}
