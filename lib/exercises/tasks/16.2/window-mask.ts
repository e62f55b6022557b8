import type { Exercise } from '../../exercise';
import { edit } from '../../exercise';
import type { Plain } from '../../plain';

const solution = `function windowMask(seq: number, reach: number): boolean[][] {
  const positions = Array.from({ length: seq }, (_, t) => t);
  return positions.map((i) => positions.map((j) => j <= i && j > i - reach));
}`;

/** The solution with a different condition. */
const seenIf = (condition: string): string =>
  edit(solution, ['j <= i && j > i - reach', condition]);

/** Rows of 1 and 0, such as "10 11"; undefined cells and numbers other than 0 and 1 show. */
const asText = (mask: Plain): string =>
  (mask as unknown as Plain[][]).map((row) =>
    row.map((seen) => seen === true || seen === 1 ? '1' : seen === false || seen === 0 ? '0' : '?')
      .join('')
  ).join(' ');

export const windowMask: Exercise = {
  id: '16.2.1',
  name: 'windowMask',
  cell: 'window-mask',
  title: 'A mask with a window',
  minutes: 5,
  difficulty: 'easy',
  statement: 'Some models let each position see only itself and the few before it. Write '
    + '`windowMask`: it returns `seq` rows of `seq` booleans. Row *i* is true at *j* where '
    + 'position *i* may see position *j*: itself and those before it, at most `reach` in all.',
  stub: `function windowMask(seq: number, reach: number): boolean[][] {
  return []; // your code
}`,
  solution,
  others: [
    {
      says: 'two loops that put true where a position may look',
      source: `function windowMask(seq: number, reach: number): boolean[][] {
  const mask: boolean[][] = [];
  for (let i = 0; i < seq; i++) {
    const row = new Array<boolean>(seq).fill(false);
    for (let j = Math.max(0, i - reach + 1); j <= i; j++) row[j] = true;
    mask.push(row);
  }
  return mask;
}`,
    },
    {
      says: 'fill with a start and an end',
      source: `function windowMask(seq: number, reach: number): boolean[][] {
  return Array.from({ length: seq }, (_, i) =>
    Array<boolean>(seq).fill(false).fill(true, Math.max(0, i + 1 - reach), i + 1));
}`,
    },
  ],
  hints: [
    'Write down by hand which positions position 3 may see for a reach of 2.',
    'Two conditions at once: j is not in the future, and j is fewer than `reach` positions back.',
    'The distance i − j may be 0, 1, … up to reach − 1.',
  ],
  right: 'a reach of one, of two, of more than the text; one position and many',
  explore: 'with reach 2 and three blocks, how far back can the last position be influenced from?',
  parts: [{ says: 'the mask', points: 2 }],
  observer: 'call',
  shown: [
    { input: [1, 1] },
    { input: [3, 1] },
    { input: [5, 2] },
    { input: [4, 3] },
    { input: [3, 7] },
  ],
  hidden: (random) =>
    Array.from({ length: 4 }, () => {
      const seq = 3 + random.integer(10);
      return { input: [seq, 1 + random.integer(seq + 1)] };
    }),
  agrees: (came, wanted) => asText(came) === asText(wanted),
  resembles: (came, other) => asText(came) === asText(other),
  diagnose: (came, input) => {
    const [seq] = input as unknown as [number, number];
    const rows = came as unknown as Plain[][];
    if (rows.length !== seq) return `the mask must have ${seq} rows, one for each position`;
    if (rows.some(({ length }) => length !== seq))
      return `each row must be an array of ${seq} booleans`;
    if (asText(came).includes('?')) return 'each cell must be true or false';
    if (rows.some((row, i) => row.some((seen, j) => j > i && Boolean(seen))))
      return 'a position sees the future';
    return rows.every((row, i) => Boolean(row[i])) ? undefined : 'a position does not see itself';
  },
  inMessage: asText,
  mistakes: [
    {
      says: 'the window is one too wide: the position itself counts among the reach',
      source: seenIf('j <= i && j >= i - reach'),
    },
    {
      says: 'the window is one too narrow: with a reach of 1 a position sees itself',
      source: seenIf('j <= i && j > i - reach + 1'),
    },
    {
      says: 'there is no window: this is the causal mask, whatever the reach',
      source: seenIf('j <= i'),
    },
    {
      says: 'the mask is transposed: positions see the future and not the past',
      source: seenIf('i <= j && i > j - reach'),
    },
    {
      says: 'the window reaches into the future as well: j must not be above i',
      source: seenIf('Math.abs(i - j) < reach'),
    },
    {
      says: 'there is a window, but the future is not masked',
      source: seenIf('j > i - reach'),
    },
    {
      says: 'a position does not see itself, only those before it',
      source: seenIf('j < i && j >= i - reach'),
    },
    {
      says: 'true and false are swapped: true is where a position may look',
      source: seenIf('!(j <= i && j > i - reach)'),
    },
    {
      says: 'the window stands still: it must end at each position and not begin at the first one',
      source: seenIf('j <= i && j < reach'),
    },
    {
      says: 'all cells are true: is something masked, and is each row an array of its own?',
      source: `function windowMask(seq: number, reach: number): boolean[][] {
  const mask = Array<boolean[]>(seq).fill(Array<boolean>(seq).fill(false));
  for (let i = 0; i < seq; i++)
    for (let j = Math.max(0, i - reach + 1); j <= i; j++) mask[i][j] = true;
  return mask;
}`,
    },
    {
      says: 'rows end at their own position: the future needs its false, too',
      source: `function windowMask(seq: number, reach: number): boolean[][] {
  return Array.from({ length: seq }, (_, i) =>
    Array.from({ length: i + 1 }, (_, j) => j > i - reach));
}`,
    },
  ],
};
