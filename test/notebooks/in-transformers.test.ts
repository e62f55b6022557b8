import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { findNotebooks, isCode, readNotebook, textOf } from '../../lib/course/notebooks/notebook';

test.each(findNotebooks().map((file) => [basename(file), file]))(
  '%s has five lines for those who use transformers',
  (_, file) => {
    const texts = readNotebook(file).cells.filter((cell) => !isCode(cell)).map(({ source }) =>
      textOf(source)
    ).filter((text) => text.startsWith('## In transformers\n'));
    expect(texts).toHaveLength(1);
    expect(texts[0]!.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(5);
  },
);
