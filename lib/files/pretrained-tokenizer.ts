/** The tokenizer beside a checkpoint, read as Hugging Face transformers reads it. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkIds, type Tokenizer } from '../text/tokenizer';
import { readOptionalObject } from './json';

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

/**
 * The tokenizer of `folder`: `tokenizer.json`, or else GPT-2's `vocab.json` and `merges.txt`, with
 * the special tokens that `tokenizer_config.json` and `config.json` name. It gives the ids that
 * transformers gives, including special tokens in the text and those that the tokenizer's template
 * adds. Without a padding token, the end token is used.
 * @throws Error if a file is missing or not readable, or if no file names the token that ends a
 *   text
 */
export async function readTokenizer(folder: string): Promise<Tokenizer> {
  const settings = (await readOptionalObject(join(folder, 'tokenizer_config.json'))) ?? {};
  const description = (await readOptionalObject(join(folder, 'tokenizer.json')))
    ?? await describeBytePairs(folder);
  const config = await readOptionalObject(join(folder, 'config.json'));
  // Required here, not imported above: the package is loaded only where such a tokenizer is used.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Tokenizer: Pretrained } = require('@huggingface/tokenizers') as Package;
  const tokenizer = build(() => new Pretrained(description, settings), folder);
  const vocabSize = [...tokenizer.get_vocab(true).values()].reduce((a, b) => Math.max(a, b), -1)
    + 1;
  const eosTokenId = idOf(settings.eos_token) ?? asNumber(config?.eos_token_id)
    ?? idOf(END_OF_TEXT);
  if (eosTokenId === undefined)
    throw new Error(
      `no file in ${folder} names the token that ends a text; `
        + 'add eos_token to tokenizer_config.json',
    );

  /** The id of a special token, which is written as its text or as an object with its text. */
  function idOf(token: unknown): number | undefined {
    const text = typeof token === 'object' && token !== null && 'content' in token
      ? token.content
      : token;
    return typeof text === 'string' ? tokenizer.token_to_id(text) : undefined;
  }

  const decode: Tokenizer['decode'] = (ids, { skipSpecialTokens = false } = {}) => {
    checkIds(ids, vocabSize);
    if (ids.length === 0) return ''; // an error in the package
    const tidy = settings.clean_up_tokenization_spaces === true;
    return tokenizer.decode([...ids], { skip_special_tokens: skipSpecialTokens,
      clean_up_tokenization_spaces: tidy });
  };
  return {
    vocabSize,
    eosTokenId,
    padTokenId: idOf(settings.pad_token) ?? eosTokenId,
    encode: (text) => {
      const { ids } = tokenizer.encode(text);
      if (ids.every((id): id is number => id !== undefined)) return ids;
      throw new RangeError(`this vocabulary cannot encode all of ${JSON.stringify(text)}`);
    },
    decode,
    token: (id) => decode([id]),
  };
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
  if (!vocab || !existsSync(mergesFile)) {
    throw new Error(
      `${folder} holds no tokenizer: neither tokenizer.json nor vocab.json and merges.txt`,
    );
  }
  const lines = (await readFile(mergesFile, 'utf8')).split(/\r?\n/);
  const merges = lines.filter((line) => line !== '' && !line.startsWith('#version')).map((line) =>
    line.split(' ')
  );
  const end = vocab[END_OF_TEXT]
    ?? Object.values(vocab).map(Number).reduce((a, b) => Math.max(a, b), -1) + 1;
  return {
    added_tokens: [{ id: end, content: END_OF_TEXT, special: true, normalized: false }],
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', vocab, merges },
  };
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
