import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { gpt2Tokenizer } from '../../lib/files/gpt2-tokenizer';
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
