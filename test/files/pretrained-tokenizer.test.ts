import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readObject } from '../../lib/files/json';
import { readTokenizer } from '../../lib/files/pretrained-tokenizer';

const HUB = join(__dirname, '../../data/fixtures/hub');

interface Answers {
  vocabSize: number;
  eosTokenId: number;
  cases: { text: string; ids: number[]; decoded: string; decodedSkipping: string }[];
}
const answers = JSON.parse(readFileSync(join(HUB, 'answers.json'), 'utf8')) as Answers;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tokenizer-'));
  for (
    const name of [
      'tokenizer.json',
      'tokenizer_config.json',
      'vocab.json',
      'merges.txt',
      'config.json',
    ]
  ) {
    cpSync(join(HUB, name), join(folder, name));
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

/** `vocab.json` with so many more tokens. */
function lengthen(count: number): void {
  const path = join(folder, 'vocab.json');
  const vocab = JSON.parse(readFileSync(path, 'utf8')) as Record<string, number>;
  const first = Object.keys(vocab).length;
  for (let i = 0; i < count; i++) vocab[`token${i}`] = first + i;
  writeFileSync(path, JSON.stringify(vocab));
}

const remove = (...names: string[]): void => names.forEach((name) => rmSync(join(folder, name)));

describe.each<[string, string[]]>([
  ['tokenizer.json', ['vocab.json', 'merges.txt']],
  ['tokenizer.json without any settings beside it', ['tokenizer_config.json', 'config.json']],
  ['vocab.json and merges.txt', ['tokenizer.json']],
  ['vocab.json and merges.txt alone', ['tokenizer.json', 'tokenizer_config.json', 'config.json']],
])('a tokenizer read from %s', (_, without) => {
  it('gives the ids and texts of Hugging Face transformers', async () => {
    remove(...without);
    const tokenizer = await readTokenizer(folder);
    expect(tokenizer.vocabSize).toBe(answers.vocabSize);
    expect([tokenizer.eosTokenId, tokenizer.padTokenId]).toEqual([
      answers.eosTokenId,
      answers.eosTokenId,
    ]);
    for (const { text, ids, decoded, decodedSkipping } of answers.cases) {
      expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids);
      expect(tokenizer.decode(ids)).toBe(decoded);
      expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe(decodedSkipping);
    }
  });

  it('encodes any text, since its tokens are bytes', async () => {
    remove(...without);
    const tokenizer = await readTokenizer(folder);
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    }));
  });
});

it('labels single tokens and refuses ids outside the vocabulary', async () => {
  const tokenizer = await readTokenizer(folder);
  expect(tokenizer.token(263)).toBe('The');
  expect(() => tokenizer.decode([5, 320])).toThrow('got 320');
  expect(() => tokenizer.token(-1)).toThrow('got -1');
});

it('takes special tokens from its settings, written as text or as an object', async () => {
  const settings = { eos_token: { content: '!' }, pad_token: 'T' };
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(settings));
  expect(await readTokenizer(folder)).toMatchObject({ eosTokenId: 0, padTokenId: 51 });
});

it('is an error that names the file if one is missing or damaged', async () => {
  writeFileSync(join(folder, 'tokenizer.json'), '{"model": ');
  await expect(readTokenizer(folder)).rejects.toThrow('tokenizer.json is not readable as JSON');
  writeFileSync(join(folder, 'tokenizer.json'), '{"model": {"type": "Rhyme"}}');
  await expect(readTokenizer(folder)).rejects.toThrow('is of an unsupported kind');
  remove('tokenizer.json', 'merges.txt');
  await expect(readTokenizer(folder)).rejects.toThrow(
    'holds no tokenizer: neither tokenizer.json nor vocab.json and merges.txt',
  );
});

describe('files of other origin', () => {
  it('may name several end tokens, or none by −1, but none outside the vocabulary', async () => {
    remove('tokenizer_config.json');
    const end = async (id: unknown): Promise<number> => {
      writeFileSync(join(folder, 'config.json'), JSON.stringify({ eos_token_id: id }));
      return (await readTokenizer(folder)).eosTokenId;
    };
    expect([await end(7), await end([5, 6]), await end(-1)]).toEqual([7, 5, answers.eosTokenId]);
    await expect(end(1e6)).rejects.toThrow(/the end token in .* must be an integer from 0 to \d+/);
  });

  it('may hold a vocabulary longer than the stack', async () => {
    remove('tokenizer.json');
    lengthen(200_000);
    const tokenizer = await readTokenizer(folder);
    expect(tokenizer.vocabSize).toBeGreaterThan(200_000);
  });

  it('may be of Python or Windows: Infinity, NaN, a byte order mark, UTF-16', async () => {
    const path = join(folder, 'tokenizer_config.json');
    const json = JSON.parse(readFileSync(path, 'utf8')) as object;
    const text = `\uFEFF${JSON.stringify({ ...json, note: 'NaN, -Infinity and "Infinity"' })}`
      .replace('{', '{"longest": Infinity, "least": -Infinity, "none": NaN, ');
    for (const encoding of ['utf8', 'utf16le'] as const) {
      writeFileSync(path, text, encoding);
      expect(await readObject(path)).toMatchObject({ ...json, longest: Infinity, least: -Infinity,
        none: null, note: 'NaN, -Infinity and "Infinity"' });
      expect((await readTokenizer(folder)).vocabSize).toBe(answers.vocabSize);
    }
  });

  it('are named where they are not readable', async () => {
    remove('tokenizer.json');
    const merges = join(folder, 'merges.txt');
    writeFileSync(merges, 'é', 'latin1');
    await expect(readTokenizer(folder)).rejects.toThrow(`${merges} is not UTF-8`);
    writeFileSync(merges, 'a b\nabc\n');
    await expect(readTokenizer(folder)).rejects.toThrow(
      `a line of ${merges} must be two tokens, a space between, got "abc"`,
    );
    const vocab = join(folder, 'vocab.json');
    writeFileSync(merges, 'a b\n');
    writeFileSync(vocab, '{"a": "one"}');
    await expect(readTokenizer(folder)).rejects.toThrow(
      `the end token in ${folder} must be an integer from 0`,
    );
    writeFileSync(vocab, '{"a": Infinit}');
    await expect(readTokenizer(folder)).rejects.toThrow(`${vocab} is not readable as JSON`);
  });
});
