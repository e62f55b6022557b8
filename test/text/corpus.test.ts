import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { gpt2Tokenizer } from '../../lib/files/gpt2-tokenizer';
import { wordTokenizer } from '../../lib/language/little-language';
import { readCorpus } from '../../lib/text/corpus';

const folder = mkdtempSync(join(tmpdir(), 'corpus-'));
afterAll(() => rmSync(folder, { recursive: true }));
const TIDE_POOL = join(__dirname, '..', '..', 'data', 'corpus', 'tide-pool.txt');

describe('any text as a corpus', () => {
  it.each([['characters'], ['words']] as const)('cuts it into %s and holds out its end', (cut) => {
    const corpus = readCorpus(TIDE_POOL, cut, 0.2);
    const { tokenizer } = corpus;
    const [train, validation] = [corpus.train[0]!, corpus.validation[0]!];
    const ids = [...train.slice(0, -1), ...validation.slice(0, -1)];
    expect(ids).toEqual(tokenizer.encode(readFileSync(TIDE_POOL, 'utf8')));
    expect(validation.length / (train.length + validation.length)).toBeCloseTo(0.2, 2);
    expect(train.at(-1)).toBe(tokenizer.eosTokenId);
  });

  it("takes GPT-2's tokenizer too, and reads a file from Windows like any file", () => {
    const path = join(folder, 'windows.txt');
    writeFileSync(path, '\uFEFFone line\r\nand another\r\n');
    const { train, validation, tokenizer } = readCorpus(path, gpt2Tokenizer());
    const ids = [...train[0]!.slice(0, -1), ...validation[0]!.slice(0, -1)];
    expect(tokenizer.decode(ids)).toBe('one line\nand another\n');
  });

  it('reads UTF-16 by its byte order mark, and keeps a second mark as a character', () => {
    const text = 'Où est l’été ?\r\n你好 🙂\n';
    const little = Buffer.from(`\uFEFF${text}`, 'utf16le');
    const files = { little, big: Buffer.from(little).swap16(), utf8: Buffer.from(`\uFEFF${text}`) };
    for (const [name, bytes] of Object.entries(files)) {
      const path = join(folder, `${name}.txt`);
      writeFileSync(path, bytes);
      const { train, validation, tokenizer } = readCorpus(path);
      const ids = [...train[0]!.slice(0, -1), ...validation[0]!.slice(0, -1)];
      expect(tokenizer.decode(ids)).toBe('Où est l’été ?\n你好 🙂\n');
    }
  });

  it('names the file and the encoding of what it cannot read', () => {
    const path = join(folder, 'other.txt');
    writeFileSync(path, Buffer.from('one line\nOù est l’été ?'.replace('’', "'"), 'latin1'));
    expect(() => readCorpus(path)).toThrow(
      `${path} is not UTF-8, which line 2 shows; it may be Latin-1 or Windows-1252: save it as`,
    );
    writeFileSync(path, Buffer.from('no mark at the start', 'utf16le'));
    expect(() => readCorpus(path)).toThrow(`${path} holds NUL characters`);
    writeFileSync(path, Buffer.concat([Buffer.from('\uFEFFodd', 'utf16le'), Buffer.from([1])]));
    expect(() => readCorpus(path)).toThrow(path);
    expect(() => readCorpus(folder)).toThrow(`${folder}: EISDIR`);
    writeFileSync(path, 'an unknown word');
    expect(() => readCorpus(path, wordTokenizer)).toThrow(
      `${path}: "unknown", "word" (did you mean work?) are not among the 105`,
    );
    expect(() => readCorpus(path, 'word' as 'words')).toThrow(
      'cut must be words, characters or a tokenizer, got "word"',
    );
  });

  it('leaves a token for training whatever the share', () => {
    const path = join(folder, 'two.txt');
    writeFileSync(path, 'ab');
    const { train, validation } = readCorpus(path, 'characters', 0.9);
    expect([train[0]!.length, validation[0]!.length]).toEqual([2, 2]);
  });

  it('says what is wrong with a file or a share', () => {
    const path = join(folder, 'short.txt');
    writeFileSync(path, 'a');
    expect(() => readCorpus(path)).toThrow(/at least 2 tokens, .*short\.txt has 1/);
    expect(() => readCorpus(TIDE_POOL, 'words', 1)).toThrow(
      'validationShare must be a number above 0 to below 1, got 1',
    );
    expect(() => readCorpus(join(folder, 'none.txt'))).toThrow(/none\.txt/);
  });
});
