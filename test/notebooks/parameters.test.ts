/** The parameters that a program reads from the notebooks, without running them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { params } from '../../lib/base/params';
import { listParameters } from '../../lib/course/notebooks/list';
import { findNotebooks, readNotebook } from '../../lib/course/notebooks/notebook';
import { parseParameters, readParameters } from '../../lib/course/notebooks/read-parameters';
import { splitValues, valuesFor } from '../../lib/course/notebooks/values';
import { root } from '../../lib/course/setup/paths.mjs';

const source = `const { a } = b; const p = params({
  temperature: { default: 0.5, range: [-0.05, 5e0], about: 'Higher ' + 'is bolder.' },
  prompts: { default: ['a', "it's"], about: \`Texts.\` },
  'order': { default: 'first', choices: ['first', 'last'], about: 'Where it begins.' },
  causal: false,
  old: 3,
}, { old: [1, 4] });
const read = () => p.old;`;

test('they are what the cell declares, in its order', () => {
  const { variable, all } = parseParameters(source);
  expect(variable).toBe('p');
  expect(Object.entries(all)).toEqual([
    ['temperature', { default: 0.5, range: [-0.05, 5], about: 'Higher is bolder.' }],
    ['prompts', { default: ['a', "it's"], about: 'Texts.' }],
    ['order', { default: 'first', choices: ['first', 'last'], about: 'Where it begins.' }],
    ['causal', { default: false, about: '' }],
    ['old', { default: 3, range: [1, 4], about: '' }],
  ]);
});

test.each([
  ['params({ n: 1 + 2 })', '"1 + 2" is none'],
  ['params({ n: other })', '"other" is none'],
  ['params({ ...others })', '"...others" is none'],
  ['params({ [n]: 1 })', '"[n]: 1" is none'],
  ['params({ n: { default: 9, range: [1, 4], about: "" } })', 'from 1 to 4, got 9'],
  ['other({ n: 1 })', 'must hold one "const p = params'],
])('const p = %s is refused', (text, message) => {
  expect(() => parseParameters(`const p = ${text};`)).toThrow(message);
});

test.each(findNotebooks().map((file) => [basename(file), file]))(
  '%s declares for each a limit where it is a number, and a sentence',
  (_, file) => {
    const { variable, all } = readParameters(readNotebook(file));
    expect(variable).toBe('p');
    expect(Object.keys(all).length).toBeGreaterThan(3);
    for (const [name, { default: usual, range, choices, about }] of Object.entries(all)) {
      if (!choices) expect(typeof usual === 'number', name).toBe(range !== undefined);
      expect(about, name).toMatch(/^\S.{15,}\.$/);
    }
    expect({ ...params(all) }).toEqual(
      Object.fromEntries(Object.entries(all).map(([name, each]) => [name, each.default])),
    );
  },
);

test('the texts declare how many words they may have', () => {
  const texts = findNotebooks()
    .flatMap((file) => Object.values(readParameters(readNotebook(file)).all))
    .filter(({ default: usual, choices }) => typeof [usual].flat()[0] === 'string' && !choices);
  expect(texts.length).toBeGreaterThan(10);
  for (const { words } of texts) expect(words).toEqual([expect.any(Number), 30]);
});

test('a list of them says default, limits, unit and sentence of each', () => {
  const { all } = parseParameters(source);
  const more = { ...all,
    words: { default: 2, range: [1, 9] as const, unit: 'words', about: 'More.' } };
  expect(listParameters({ name: 'x.ipynb', all: more })).toBe(`x.ipynb
  temperature  0.5, from -0.05 to 5
               Higher is bolder.
  prompts      ["a","it's"]
               Texts.
  order        "first", one of "first", "last"
               Where it begins.
  causal       false, true or false
  old          3, from 1 to 4
  words        2, from 1 to 9 words
               More.`);
});

describe('values from a command line', () => {
  const first = { name: '1.ipynb', all: parseParameters(source).all };
  const second = { name: '2.ipynb', all: parseParameters(
    'const p = params({ seed: 1, temperature: 0.5, prompt: "a" }, { temperature: [0, 3] });',
  ).all };
  const given = (...texts: string[]) => valuesFor([first, second], splitValues(texts));

  test('go to the notebooks that have them, with their types', () => {
    expect(given('seed=3')).toEqual([undefined, { seed: 3 }]);
    expect(given('temperature=2', 'prompt=5', 'causal=true', 'prompts=["5", "b"]')).toEqual([
      { temperature: 2, causal: true, prompts: ['5', 'b'] },
      { temperature: 2, prompt: '5' },
    ]);
    expect(given('prompt=a=b', 'order="last"')).toEqual([{ order: 'last' }, { prompt: 'a=b' }]);
  });

  test('are refused where a text has unknown words or too few, before any kernel starts', () => {
    const { all } = parseParameters(
      "const p = params({ text: { default: 'The agent', words: [2, 9], about: 'It is read.' } });",
    );
    const read = (text: string) => valuesFor([{ name: '1.ipynb', all }], splitValues([text]));
    expect(() => read('text=The agnet')).toThrow(
      '1.ipynb: the parameter text must have known words only: "agnet" is not among the 105 tokens '
        + 'of this vocabulary (did you mean agent?)',
    );
    expect(() => read('text=')).toThrow(
      'the parameter text must be a text of 2 to 9 words, got ""',
    );
    expect(read('text=The .')).toEqual([{ text: 'The .' }]);
  });

  test.each([
    ['sede=3', 'unknown parameter sede (did you mean seed?)'],
    ['temperature=4', '2.ipynb: the parameter temperature must be a number from 0 to 3, got 4'],
    ['causal=yes', '1.ipynb: the parameter causal must be a boolean like false, got "yes"'],
    ['temperature=hot', '1.ipynb: the parameter temperature must be a number like 0.5, got "hot"'],
    ['order=lsat', 'must be one of "first", "last", got "lsat"'],
    ['seed', '-p must be followed by NAME=VALUE, got "seed"'],
  ])('%s is refused', (text, message) => {
    expect(() => given(text)).toThrow(message);
  });
});

describe('npm run notebooks', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'lib/course/notebooks/main.ts', ...args], {
      cwd: root,
      encoding: 'utf8',
    });

  test('--list prints them', () => {
    const { status, stdout } = run('16.7', '--list');
    expect(status).toBe(0);
    expect(stdout).toContain('  topK         5, from 1 to 100 words\n');
    expect(stdout).toContain('Below 1 it sharpens the distribution');
    expect(stdout).not.toContain('16.6');
  });

  test.each([
    [['16.0', '-p', 'newTokens=9'], 'newTokens must be an integer from 1 to 4, got 9'],
    [['16.0', '-p', 'newToken=3'], 'unknown parameter newToken (did you mean newTokens?)'],
    [['-p', 'temperature=4'], '16.3-autoregressive-generation.ipynb: the parameter temperature'],
  ])('%j is refused before a kernel starts', (args, message) => {
    const folder = mkdtempSync(join(tmpdir(), 'refused-'));
    const out = join(folder, 'out');
    const { status, stderr } = run(...args, '--out', out);
    expect(stderr).toContain(message);
    expect(status).toBe(1);
    expect(existsSync(out)).toBe(false); // nothing ran, not even the checks of a run
    rmSync(folder, { recursive: true });
  });
});
