/** The tokenizer that lies beside a checkpoint, read as Hugging Face transformers reads it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkIds, type Tokenizer } from '../text/tokenizer';

const END_OF_TEXT = '<|endoftext|>';

/**
 * What is used of @huggingface/tokenizers; its own type files need a newer TypeScript than the one
 * in the kernel.
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

type Json = Record<string, unknown>;

/**
 * The tokenizer of `folder`: `tokenizer.json`, or else GPT-2's `vocab.json` and `merges.txt`, with
 * what `tokenizer_config.json` and `config.json` say about special tokens. Texts become the ids
 * that they have there, special tokens of the text and of the tokenizer's own template included.
 * Without a padding token the end token serves.
 * @throws Error if a file is missing or not readable, or if nothing says which token ends a text
 */
export function readTokenizer(folder: string): Tokenizer {
  const settings = readJson(folder, 'tokenizer_config.json') ?? {};
  const description = readJson(folder, 'tokenizer.json') ?? describeBytePairs(folder);
  // Required here, not imported above: who never loads such a tokenizer need not wait for the
  // package.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Tokenizer: Pretrained } = require('@huggingface/tokenizers') as Package;
  const tokenizer = build(() => new Pretrained(description, settings), folder);
  const vocabSize = Math.max(...tokenizer.get_vocab(true).values()) + 1;
  const eosTokenId = idOf(settings.eos_token) ?? configured(folder) ?? idOf(END_OF_TEXT);
  if (eosTokenId === undefined)
    throw new Error(
      `nothing in ${folder} says which token ends a text; give tokenizer_config.json an eos_token`,
    );

  /** The id of a special token, which is written as its text or as an object with its text. */
  function idOf(token: unknown): number | undefined {
    const text = typeof token === 'object' && token !== null ? (token as Json).content : token;
    return typeof text === 'string' ? tokenizer.token_to_id(text) : undefined;
  }

  const decode: Tokenizer['decode'] = (ids, { skipSpecialTokens = false } = {}) => {
    checkIds(ids, vocabSize);
    if (ids.length === 0) return ''; // which the package refuses
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
      throw new RangeError(
        `${JSON.stringify(text)} holds something that this vocabulary cannot say`,
      );
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
      `the tokenizer in ${folder} is of a kind that cannot be read here: ${
        (error as Error).message
      }`,
    );
  }
}

/** GPT-2's older two files in the form of a tokenizer.json. */
function describeBytePairs(folder: string): Json {
  const vocab = readJson(folder, 'vocab.json') as Record<string, number> | undefined;
  if (!vocab || !existsSync(join(folder, 'merges.txt'))) {
    throw new Error(
      `${folder} holds no tokenizer: neither tokenizer.json nor vocab.json and merges.txt`,
    );
  }
  const lines = readFileSync(join(folder, 'merges.txt'), 'utf8').split(/\r?\n/);
  const merges = lines.filter((line) => line !== '' && !line.startsWith('#version')).map((line) =>
    line.split(' ')
  );
  const end = vocab[END_OF_TEXT] ?? Math.max(...Object.values(vocab)) + 1;
  return {
    added_tokens: [{ id: end, content: END_OF_TEXT, special: true, normalized: false }],
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', vocab, merges },
  };
}

function configured(folder: string): number | undefined {
  const id = readJson(folder, 'config.json')?.eos_token_id;
  return typeof id === 'number' ? id : undefined;
}

/** The object in a JSON file; undefined if there is no such file. */
function readJson(folder: string, name: string): Json | undefined {
  const path = join(folder, name);
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Json;
  } catch (error) {
    throw new Error(`${path} is not readable as JSON: ${(error as Error).message}`);
  }
}
