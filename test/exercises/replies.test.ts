/** Wrong answers that no exercise knows: what is certain of them is said. */
import { expect, it } from 'vitest';
import { casesOf } from '../../lib/exercises/check';
import { evaluate } from '../../lib/exercises/evaluate';
import { judge } from '../../lib/exercises/judge';
import { observe } from '../../lib/exercises/observe';
import { findExercise } from '../../lib/exercises/tasks/index';
import { verdictText } from '../../lib/exercises/verdict-text';

/** What a check prints about this answer. */
async function reply(id: string, source: string): Promise<string> {
  const exercise = findExercise(id);
  const cases = casesOf(exercise);
  const answer = await evaluate(source, exercise.name, await exercise.scope?.());
  const came = await observe(exercise.observer, answer, cases.map(({ input }) => input));
  return verdictText(exercise, await judge(exercise, cases, came));
}

const minP = (kept: string): string =>
  `const minPById = (shares, fraction) => { const least = fraction * Math.max(...shares);
  const kept = ${kept}; const sum = kept.reduce((a, b) => a + b);
  return kept.map((n) => n / sum); }`;
const topP = (order: string, stop: string): string =>
  `const topPById = (shares, P) => { const order = [...shares.keys()].sort((a, b) => ${order});
  const kept = shares.map(() => 0); let sum = 0;
  for (const [n, id] of order.entries()) { if (${stop}) break; kept[id] = shares[id];
    sum += shares[id]; }
  return kept.map((n) => n / sum); }`;
const batches = (order: string, rest = 'order.splice(0, size)'): string =>
  `const batchesOf = (lengths, size) => { ${order}; const all = [];
  while (order.length > 0) all.push(${rest}); return all; }`;
const SORTED = 'const order = [...lengths.keys()].sort((a, b) => lengths[a] - lengths[b])';
const bans = (ban: string, end = '<='): string =>
  `const banned = (ids, size) => { const last = ids.slice(ids.length - size + 1); const all = [];
  for (let i = 0; i + size ${end} ids.length; i++)
    if (last.every((id, k) => ids[i + k] === id)) all.push(...${ban});
  return all; }`;

it.each([
  ['16.7.2', minP('shares.map((n) => n < least ? NaN : n)'), 'holds NaN'],
  [
    '16.7.2',
    minP('shares.map((n) => n < fraction / shares.length ? 0 : n)'),
    'token 0 is below the threshold, 0.16, and has more than 0',
  ],
  [
    '16.7.2',
    minP('shares.map((n) => n < (1 - fraction) * Math.max(...shares) ? 0 : n)'),
    'token 0 reaches the threshold, 0, and is removed',
  ],
  ['16.7.2', minP('shares.map((n) => n < least ? 0 : Math.exp(n))'), 'keep their proportions'],
  ['16.7.3', bans('[i + size - 1]'), '2 is no ban: the text does not have the group 1 2 2'],
  ['16.7.3', bans('[ids[i + size - 1]]', '<'), 'a token is missing'],
  ['16.7.4', topP('shares[a] - shares[b]', 'sum >= P'), 'one token fewer is enough'],
  ['16.7.4', topP('shares[b] - shares[a]', 'n >= P * order.length'), 'one token fewer is enough'],
  ['16.7.4', topP('a - b', 'n >= 1'), 'what stays adds up to 0.5, less than 0.7'],
  ['16.7.5', 'const bestByBeams = (table, start) => [start, 1]', 'has 2 new tokens, one for each'],
  [
    '16.5.1',
    'const rowsComputed = (n) => ({ carried: n.length * Math.max(...n), leave: n.at(-1) })',
    'carried is right here, and leave is not',
  ],
  [
    '16.5.3',
    batches(SORTED, 'order.splice(0, order.length)'),
    'each batch holds 1, and one holds 3',
  ],
  ['16.5.3', batches(`${SORTED}.map((i) => i + 1)`), 'the indices are 0 to 2, and 3 is among them'],
  [
    '16.5.3',
    batches(SORTED, 'order.splice(0, 1).concat(order.splice(1 - size, size - 1))'),
    'positions of padding, where',
  ],
  [
    '16.5.2',
    'const batchOf = (rows) => ({ inputIds: rows, attentionMask: rows.map((row) => row.map(() => '
    + '1)) })',
    'the batch has no positionIds',
  ],
])('of %s, case %#', async (id, source, says) => {
  const text = await reply(id, source);
  expect(text).toMatch(/^not yet: /);
  expect(text.split('\n')[0]).toContain(says);
});

it('says of an answer that it sorts its argument, and not that nothing was tried', async () => {
  const text = await reply(
    '16.5.3',
    batches('lengths.sort((a, b) => a - b); const order = [...lengths.keys()]'),
  );
  expect(text).toMatch(/^not yet: \d+ positions of padding/);
  expect(text).toContain('\n  note: it changes an array or object that it is given');
});

it('does not promise that nothing is said twice, which is not asked for', async () => {
  const text = await reply('16.7.3', bans('[ids[i + size - 1]]'));
  expect(text).toMatch(/^right: /);
  expect(text).not.toContain('twice');
});
