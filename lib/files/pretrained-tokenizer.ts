/** The tokenizer beside a checkpoint, read as Hugging Face transformers reads it. */
import { check, checkInteger, checkNames, shown } from '../base/checks';
import { platform } from '../base/platform';
import { readText } from '../base/text-file';
import { checkIds, type Tokenizer } from '../text/tokenizer';
import { readOptionalObject } from './json';

const { join } = platform;
const END_OF_TEXT = '<|endoftext|>';

/**
 * The part of @huggingface/tokenizers that is used; its own type files need a newer TypeScript than
 * the kernel of the notebooks has.
 */
interface Package {
  Tokenizer: new(tokenizer: object, config: object) => {
    encode(text: string): { ids: (number | undefined)[] };
    decode(
      ids: number[],
      options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean },
    ): string;
    token_to_id(token: string): number | undefined;
    get_vocab(withAddedTokens: boolean): Map<string, number>;
  };
}

/** What a tokenizer was read from: the contents of its two files. */
interface TokenizerSource {
  readonly description: object;
  readonly settings: object;
}

const sources = new WeakMap<Tokenizer, TokenizerSource>();

/** What `tokenizer` was read from, if it is one of {@link readTokenizer}. */
export const sourceOf = (tokenizer: Tokenizer): TokenizerSource | undefined =>
  sources.get(tokenizer);

/**
 * The tokenizer of `folder`: `tokenizer.json`, or else GPT-2's `vocab.json` and `merges.txt`, with
 * the special tokens that `tokenizer_config.json` and `config.json` name. Its ids are those of
 * transformers, including special tokens in the text and those that the tokenizer's template adds.
 * Without a padding token, the end token is used.
 * @throws Error if a file is missing or not readable, or if no file names the token that ends a
 *   text
 */
export async function readTokenizer(folder: string): Promise<Tokenizer> {
  const settings = (await readOptionalObject(join(folder, 'tokenizer_config.json'))) ?? {};
  const description = (await readOptionalObject(join(folder, 'tokenizer.json')))
    ?? await describeBytePairs(folder);
  const config = await readOptionalObject(join(folder, 'config.json'));
  const { Tokenizer: Pretrained } = platform.loadPackage('@huggingface/tokenizers') as Package;
  const tokenizer = build(() => new Pretrained(description, settings), folder);
  const vocabSize = largest(tokenizer.get_vocab(true).values()) + 1;
  const eosTokenId = idOf(settings.eos_token) ?? endOf(config?.eos_token_id)
    ?? idOf(END_OF_TEXT);
  if (eosTokenId === undefined)
    throw new Error(
      `no file in ${folder} names the token that ends a text; `
        + 'add eos_token to tokenizer_config.json',
    );
  checkInteger(`the end token in ${folder}`, eosTokenId, { from: 0, to: vocabSize - 1 });

  /** The id of a special token, which is written as its text or as an object with its text. */
  function idOf(token: unknown): number | undefined {
    const text = typeof token === 'object' && token !== null && 'content' in token
      ? token.content
      : token;
    return typeof text === 'string' ? tokenizer.token_to_id(text) : undefined;
  }

  const decode: Tokenizer['decode'] = (ids, options = {}) => {
    checkNames('option', options, ['skipSpecialTokens']);
    const { skipSpecialTokens = false } = options;
    checkIds(ids, vocabSize);
    if (ids.length === 0) return ''; // the package fails on an empty list
    const tidy = settings.clean_up_tokenization_spaces === true;
    return tokenizer.decode([...ids], { skip_special_tokens: skipSpecialTokens,
      clean_up_tokenization_spaces: tidy });
  };
  const padTokenId = idOf(settings.pad_token) ?? eosTokenId;
  const read: Tokenizer = {
    vocabSize,
    eosTokenId,
    padTokenId,
    encode: (text) => {
      const { ids } = tokenizer.encode(text);
      if (ids.every((id): id is number => id !== undefined)) return ids;
      throw new RangeError(`this vocabulary cannot encode all of ${shown(text)}`);
    },
    decode,
    token: (id) => decode([id]),
  };
  // config.json, which may name the end token, belongs to the model and not to the tokenizer
  const special = {
    ...(idOf(settings.eos_token) === undefined && { eos_token: decode([eosTokenId]) }),
    ...(idOf(settings.pad_token) === undefined && { pad_token: decode([padTokenId]) }),
  };
  sources.set(read, { description, settings: { ...settings, ...special } });
  return read;
}

function build<T>(make: () => T, folder: string): T {
  try {
    return make();
  } catch (error) {
    throw new Error(
      `the tokenizer in ${folder} is of an unsupported kind: ${(error as Error).message}`,
    );
  }
}

/** GPT-2's two older files in the form of a tokenizer.json. */
async function describeBytePairs(folder: string): Promise<object> {
  const vocab = await readOptionalObject(join(folder, 'vocab.json'));
  const mergesFile = join(folder, 'merges.txt');
  if (!vocab || !platform.exists(mergesFile)) {
    throw new Error(
      `${folder} holds no tokenizer: neither tokenizer.json nor vocab.json and merges.txt`,
    );
  }
  const lines = readText(mergesFile).split(/\r?\n/);
  const merges = lines.filter((line) => line !== '' && !line.startsWith('#version')).map((line) => {
    const parts = line.split(' ');
    check(parts.length === 2, `a line of ${mergesFile}`, 'two tokens, a space between', line);
    return parts;
  });
  const end = vocab[END_OF_TEXT] ?? largest(Object.values(vocab).map(Number)) + 1;
  return {
    added_tokens: [{ id: end, content: END_OF_TEXT, special: true, normalized: false }],
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', vocab, merges },
  };
}

/** The largest number, not by `Math.max(...ids)`: a vocabulary may be longer than the stack. */
function largest(ids: Iterable<number>): number {
  let most = -1;
  for (const id of ids) most = Math.max(most, id);
  return most;
}

/** The end token of a `config.json`; of several, the first. Undefined for none, also by −1. */
function endOf(value: unknown): number | undefined {
  const [first] = [value].flat();
  return typeof first === 'number' && first !== -1 ? first : undefined;
}
