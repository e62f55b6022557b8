import type { Exercise } from '../../exercise';
import { edit } from '../../exercise';
import type { PlainData } from '../../plain';

const solution = `function banned(ids: number[], size: number): number[] {
  const last = ids.slice(ids.length - size + 1); // the size - 1 last tokens
  if (ids.length < size) return [];
  return ids.filter((_, end) => {
    const start = end - size + 1; // of the group that ends here
    return start >= 0 && last.every((id, i) => ids[start + i] === id);
  });
}`;

/** The different tokens, in order. */
const asSet = (tokens: PlainData): string =>
  [...new Set(tokens as number[])].sort((a, b) => a - b).join();

/** The last group of the text with this token appended. */
const groupWith = (ids: readonly number[], size: number, token: number): string =>
  [...ids, token].slice(-size).join(' ');

export const banned: Exercise = {
  id: '16.7.3',
  name: 'banned',
  cell: 'banned',
  title: 'Ban a repetition',
  minutes: 15,
  difficulty: 'hard',
  statement: 'Write `banned`: it returns every token that, appended to `ids`, would repeat a group '
    + 'of `size` tokens, in any order. In `1 2 3 1 2` with size 3, the token 3 is banned, because '
    + '`1 2 3` would then appear again.',
  stub: `function banned(ids: number[], size: number): number[] {
  return []; // your code
}`,
  solution,
  others: [
    {
      says: 'all groups in a list, compared as texts',
      source: `function banned(ids: number[], size: number): number[] {
  const groups = ids.map((_, i) => ids.slice(i, i + size));
  const isWhole = groups.filter((group) => group.length === size);
  const last = ids.slice(Math.max(0, ids.length - size + 1)).join(' ');
  const same = isWhole.filter((group) => group.slice(0, -1).join(' ') === last);
  return [...new Set(same.map((group) => group[size - 1]))];
}`,
    },
    {
      says: 'every token of the text, appended and looked for',
      source: `function banned(ids: number[], size: number): number[] {
  const groupAt = (list: number[], end: number) =>
    list.slice(end - size, end).join(' ');
  return ids.filter((token) => {
    const longer = [...ids, token];
    if (longer.length <= size) return false;
    const added = groupAt(longer, longer.length);
    return ids.some((_, i) => i + 1 >= size && groupAt(ids, i + 1) === added);
  });
}`,
    },
  ],
  hints: [
    'Take the last `size - 1` tokens. Wherever the same tokens appear earlier, the '
    + 'token after them '
    + 'is banned.',
    'Compare group by group: the group that starts at `i` is `ids.slice(i, i + size)`. It bans its '
    + 'last token if its other tokens are the last ones of the text.',
    'For size 1 no token has to agree, so every token of the text is banned; '
    + '`ids.slice(-(size - 1))` is the whole text then, because −0 is 0.',
  ],
  right: 'several groups, groups that overlap, size 1, short texts',
  explore: 'which tokens does size 2 ban after "The agent waited and waited"? Is the ban right?',
  parts: [
    { says: 'groups of two and more', points: 3 },
    { says: 'groups of one token, and texts that are too short', points: 2 },
  ],
  observer: 'call',
  shown: [
    { input: [[1, 2, 3, 1, 2], 3] },
    { input: [[5, 6, 7], 2] },
    { input: [[5, 5], 2] },
    { input: [[1, 2, 3, 1, 2, 4, 1, 2], 3] },
    { input: [[7, 8, 7, 9, 7], 2] },
    { input: [[3, 2, 5, 1, 2], 3] },
    { input: [[4, 4, 4, 4], 3] },
    { input: [[1, 12, 5, 11, 2], 3] },
    { input: [[1, 2, 3, 4, 2, 3], 3] },
    { input: [[12, 3, 4, 2], 2] },
    { input: [[1, 23, 2, 1], 2] },
    { input: [[5, 6], 1], part: 1 },
    { input: [[4], 3], part: 1 },
    { input: [[], 2], part: 1 },
    { input: [[4, 4], 3], part: 1 },
  ],
  hidden: (random) =>
    Array.from({ length: 6 }, (_, n) => ({
      input: [
        Array.from({ length: 6 + random.integer(20) }, () => 1 + random.integer(3)),
        2 + n % 3,
      ],
    })),
  agrees: (came, wanted) => Array.isArray(came) && asSet(came) === asSet(wanted),
  resembles: (came, ofMistake) => asSet(came) === asSet(ofMistake),
  diagnose: (came, input) => {
    if (!Array.isArray(came)) return 'an array of tokens is wanted';
    if ((came as PlainData[]).some((token) => typeof token !== 'number'))
      return 'the result holds something that is no token: the last group of the text has no '
        + 'successor';
    const [ids, size] = input as unknown as [number[], number];
    const groups = ids.slice(0, Math.max(0, ids.length - size + 1))
      .map((_, i) => ids.slice(i, i + size).join(' '));
    const wrong = (came as number[]).find((token) => !groups.includes(groupWith(ids, size, token)));
    return wrong === undefined
      ? 'a token is missing: every group whose first tokens are the last ones of the text bans one'
      : `${wrong} is no ban: the text does not have the group ${groupWith(ids, size, wrong)}`;
  },
  mistakes: [
    {
      says: 'only the last token of the text is compared: the last size − 1 tokens must agree',
      source: edit(
        solution,
        ['ids.slice(ids.length - size + 1)', 'size > 1 ? ids.slice(-1) : []'],
        [
          'const start = end - size + 1',
          'const start = end - last.length',
        ],
      ),
    },
    {
      says: 'the last size tokens are compared: a group of size + 1 tokens would repeat; the last '
        + 'size − 1 must agree',
      source: edit(solution, ['ids.slice(ids.length - size + 1)', 'ids.slice(-size)'], [
        'end - size + 1; //',
        'end - size; //',
      ]),
    },
    {
      says: 'for size 1 nothing is banned: `slice(-(size - 1))` is the whole text then',
      source: edit(solution, ['ids.slice(ids.length - size + 1)', 'ids.slice(-(size - 1))']),
    },
    {
      says: 'only the first place where the last tokens appear is found: every one bans a token',
      source: edit(solution, ['  return ids.filter', '  const all = ids.filter'], [
        '  });\n}',
        '  });\n  return all.slice(0, 1);\n}',
      ]),
    },
    {
      says: 'only the last place where the last tokens appear is found: every one bans a token',
      source: edit(solution, ['  return ids.filter', '  const all = ids.filter'], [
        '  });\n}',
        '  });\n  return all.slice(-1);\n}',
      ]),
    },
    {
      says: 'groups that overlap the last tokens are left out: in `5 5` with size 2 the token 5 is '
        + 'banned',
      source: edit(solution, ['start >= 0 &&', 'start >= 0 && end < ids.length - size + 1 &&'], [
        '  const last',
        '  if (size < 2) return ids;\n  const last',
      ]),
    },
    {
      says: 'the groups are compared as texts without a space between the tokens: 1 12 is not 11 2',
      source: `function banned(ids: number[], size: number): number[] {
  if (ids.length < size) return [];
  const last = ids.slice(ids.length - size + 1).join('');
  return ids.filter((_, end) =>
    end >= size - 1 && ids.slice(end - size + 1, end).join('') === last);
}`,
    },
    {
      says: 'the group is looked for in the text as a whole: `2 3` is part of `12 3`, and `1 2` of '
        + '`1 23`; compare token by token',
      source: `function banned(ids: number[], size: number): number[] {
  if (ids.length < size) return [];
  const last = ids.slice(ids.length - size + 1);
  const text = ids.join(' ');
  return ids.filter((token) => text.includes([...last, token].join(' ')));
}`,
    },
    {
      says: 'the text is cut into groups one behind the other: a group may start at every token',
      source: edit(solution, ['start >= 0 &&', 'start >= 0 && start % size === 0 &&']),
    },
  ],
};
