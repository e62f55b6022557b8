/** The page's texts: the same keys in every language, none of them empty or unused. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromAddress } from '../../lib/explainer/address';
import { sayProblem } from '../../lib/explainer/page/say-problem';
import { TEXTS_BY_LANGUAGE, wordsOf } from '../../lib/explainer/page/words';
import { PRESETS, QUESTIONS } from '../../lib/explainer/presets';
import { type State, STATE_CHOICES } from '../../lib/explainer/state';

const { en } = TEXTS_BY_LANGUAGE;
const names = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

describe.each(STATE_CHOICES.language)('the texts in %s', (language) => {
  const texts = TEXTS_BY_LANGUAGE[language];

  test('have the keys of the English ones', () => {
    expect(Object.keys(texts)).toEqual(Object.keys(en));
  });

  test('have no empty text, and the values of the English ones in each', () => {
    for (const [key, text] of Object.entries(texts)) {
      expect(text.trim(), key).not.toBe('');
      expect(names(text), key).toEqual(names(en[key as keyof typeof en]));
    }
  });

  test('are translated, but for names that all languages share', () => {
    const shared = Object.entries(texts).filter(([key, text]) =>
      text === en[key as keyof typeof en] && text.replace(/\{\w+\}/g, '').length > 12
    );
    expect(language === 'en' ? [] : shared).toEqual([]);
  });
});

test('each text is used by the page', () => {
  const page = join(__dirname, '..', '..', 'lib', 'explainer');
  const code = readdirSync(page, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith(join('page', 'texts')))
    .map((file) => readFileSync(join(page, file), 'utf8')).join('\n');
  const unused = Object.keys(en).filter((key) =>
    !/^(preset|answer) /.test(key) && !new RegExp(`['"]${key}['"]`).test(code)
  );
  expect(unused).toEqual([]);
});

test('each preset and each question has a text', () => {
  const keys = Object.keys(en).filter((key) => /^(preset|answer) /.test(key));
  const wanted = [
    ...PRESETS.map(({ id }) => `preset ${id}`),
    ...QUESTIONS.map(({ id }) => `answer ${id}`),
  ];
  expect(keys).toEqual(wanted);
});

test.each(
  [
    'stepp=3',
    'qqqqqqqqqq=1',
    'step=three',
    'step=99',
    'temperature=-1',
    'causal=no',
    'road=paralel',
    'prompt=The+agnet',
    'prompt=a1+b2+c3+d4+e5+f6+g7',
    'prompt=',
    'sentence=The',
    `sentence=${'The+'.repeat(70)}`,
    `prompt=${'The+'.repeat(60)}`,
  ],
)('a broken link is answered in the chosen language alone: %s', (link) => {
  const problem = fromAddress(`#${link}`).problem!;
  const said = (language: State['language']): string =>
    sayProblem(problem, wordsOf(language)).replace(/[“„][^“”]*[“”]/g, '');
  const english = new Set(said('en').match(/[a-z]{2,}/g));
  for (const shared of ['parallel', 'serial', 'cached', 'true', 'false', 'prompt'])
    english.delete(shared);
  const german = said('de').match(/\p{L}+/gu)!;
  expect(german.filter((word) => english.has(word))).toEqual([]);
  const chinese = said('zh').replace(/parallel|serial|cached|true|false/g, '');
  expect(chinese).not.toMatch(/[a-z]/i);
  for (const language of STATE_CHOICES.language) expect(said(language)).toMatch(/[.。]$/);
});

test('numbers are written as each language writes them', () => {
  const written = (['en', 'de', 'zh'] as const).map((language) => {
    const { number } = wordsOf(language);
    return [number(-1.5), number(0.342, 'percent'), number(3.1e-6, 'small'), number(Infinity)];
  });
  expect(written).toEqual([
    ['−1.50', '34.2%', '3.1 × 10⁻⁶', '∞'],
    ['−1,50', '34,2\u00a0%', '3,1 × 10⁻⁶', '∞'],
    ['−1.50', '34.2%', '3.1 × 10⁻⁶', '∞'],
  ]);
});
