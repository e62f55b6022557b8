/** `npm run notebooks -- --corners`: which points it runs, and how it tells of those that fail. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { checkParameter } from '../../lib/base/params';
import { findNotebooks, readNotebook } from '../../lib/course/notebooks/notebook';
import { parseParameters, readParameters } from '../../lib/course/notebooks/read-parameters';
import { root } from '../../lib/course/setup/paths.mjs';
import { cornersOf, cornerTasks } from '../../lib/course/sweeps/corners';
import { language } from '../../lib/language/little-language';

test('they are each end alone, all low, all high, and random points inside the ranges', () => {
  const { all } = parseParameters(`const p = params({
    n: { default: 2, range: [1, 9], about: 'A number.' },
    rate: { default: 0, range: [0, 0.5], about: 'It is at its lower end.' },
    causal: { default: true, about: 'Yes or no.' },
    order: { default: 'b', choices: ['a', 'b', 'c'], about: 'One of three.' },
    text: { default: 'The agent', about: 'It has no ends.' },
    prompt: { default: 'The tests', words: [1, 14], about: 'It is read.' },
    most: { default: ['The'], words: [1, 5], about: 'Each is read.' },
  });`);
  const corners = cornersOf(all, 1);
  const notAllowed =
    'The agent opened a pull request for review and the reviewer merged the change';
  const longest = `The agent waited${' and waited'.repeat(5)} and`;
  expect(corners.slice(0, 14)).toEqual([
    { n: 1 },
    { n: 9 },
    { rate: 0.5 },
    { causal: false },
    { order: 'a' },
    { order: 'c' },
    { prompt: 'The' },
    { prompt: notAllowed },
    { prompt: 'The agent waited .' },
    { prompt: longest },
    { most: ['The'] },
    { most: ['The agent waited .'] },
    { most: ['The agent waited and waited'] },
    { n: 1, rate: 0, causal: false, order: 'a', prompt: 'The', most: ['The'] },
  ]);
  expect(corners[14]).toEqual({ n: 9, rate: 0.5, causal: true, order: 'c', prompt: longest,
    most: ['The agent waited and waited'] });
  expect(language.logProbability(notAllowed.split(' '))).toBe(-Infinity);
  expect(language.logProbability(longest.split(' '))).toBeGreaterThan(-Infinity);
  const random = corners.slice(15);
  expect(random).toHaveLength(3);
  expect(new Set(random.map((point) => JSON.stringify(point))).size).toBe(3);
  expect(cornersOf(all, 1)).toEqual(corners);
  expect(cornersOf(all, 2)).not.toEqual(corners);
  expect(cornersOf({ text: all['text']! }, 1)).toEqual([]);
});

test('every notebook takes all of its own corners', () => {
  const files = findNotebooks();
  for (const file of files) {
    const { all } = readParameters(readNotebook(file));
    for (const seed of [1, 2, 3])
      for (const point of cornersOf(all, seed))
        for (const [name, value] of Object.entries(point)) checkParameter(name, value, all);
  }
  expect(cornerTasks(files).length).toBeGreaterThan(100);
});

test('parts have some of each notebook, and together all points once', () => {
  const files = findNotebooks();
  const text = (tasks: ReturnType<typeof cornerTasks>): string[] =>
    tasks.map(({ file, values }) => JSON.stringify([file, values]));
  const parts = [1, 2, 3].map((k) => cornerTasks(files, `${k}/3`));
  expect(parts.flatMap(text).sort()).toEqual(text(cornerTasks(files)).sort());
  for (const part of parts) expect(new Set(part.map(({ file }) => file)).size).toBe(files.length);
});

test.each([
  [['--corners', '--part', '3/2'], '--part must be K/N with K from 1 to N, got "3/2"'],
  [['--corners', '-p', 'seed=1'], '--corners chooses the values'],
  [['--part', '1/2'], '--part and --seed belong to --corners'],
])('%j is refused before anything runs', (args, message) => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'lib/course/notebooks/main.ts', '16.0', ...args],
    { cwd: root, encoding: 'utf8' },
  );
  expect(stderr).toContain(message);
  expect(status).toBe(1);
});
