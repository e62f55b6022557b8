import type { Random } from '../../../base/random';
import type { Case, Exercise } from '../../exercise';
import { equal, inWords, type PlainData } from '../../plain';
import { others, solution } from './text-stream-answers';
import { mistakes } from './text-stream-mistakes';

interface Input {
  readonly tokens: number[][];
  readonly stops: string[];
}

/** The bytes of a text, cut into tokens of these lengths, the last ones of one byte. */
function cut(text: string, lengths: readonly number[]): number[][] {
  const bytes = [...new TextEncoder().encode(text)];
  const tokens: number[][] = [];
  for (let n = 0; bytes.length > 0; n++) tokens.push(bytes.splice(0, lengths[n] ?? 1));
  return tokens;
}

function stream(text: string, lengths: readonly number[], stops: string[], part = 0): Case {
  const tokens = cut(text, lengths);
  const sizes = tokens.map((bytes) => bytes.length).join(', ');
  return {
    input: { tokens, stops },
    part,
    says: `${inWords(text)} in tokens of ${sizes} bytes, ${
      stops.length > 0 ? `stops ${inWords(stops)}` : 'no stops'
    }`,
  };
}

/** A character that is cut off at the end. */
const cutOff: Case = {
  input: { tokens: [[79, 107, 32], [0xf0, 0x9f], [0x99]], stops: [] },
  says: "'Ok ' and three of the four bytes of an emoji, no stops",
};

const PIECES = ['a', 'b', 'aa', 'ab', '你', 'é', '🙂', '\n', 'x'];

function randomStream(random: Random): Case {
  const text = Array.from({ length: 24 }, () => PIECES[random.integer(PIECES.length)]!).join('');
  const lengths = Array.from({ length: 100 }, () => 1 + random.integer(4));
  const stops = [['aab'], ['\n\n', 'bab'], ['你a', 'aaab'], [
    'xx',
    '🙂b',
    'aaa',
  ]][random.integer(4)]!;
  return stream(text, lengths, stops, 2);
}

/** Several � in a row count as one: decoders differ in how many they write. */
const merged = (value: PlainData): PlainData =>
  (value as string[]).map((text) => text.replace(/\u{fffd}+/gu, '\u{fffd}'));

export const streamText: Exercise = {
  id: '16.4.4',
  name: 'textStream',
  cell: 'text-stream',
  title: 'Show the text while it is written',
  minutes: 30,
  difficulty: 'hard',
  statement: 'In GPT-2 a token is a few bytes of UTF-8: one character may be split over several '
    + 'tokens, and so may a stop string, which users give as text. Write `textStream`: `push` '
    + 'takes the bytes of the next token and returns what can be shown now, as early as possible: '
    + 'complete characters, without an ending that may be the beginning of one of `stops`. Once a '
    + 'stop string is complete, the text ends before it, and all later calls return an empty text. '
    + '`end` returns what was still held back, with � for a character that is cut off. No stop '
    + 'string contains another one.',
  stub: `function textStream(stops: string[]) {
  return {
    push(bytes: number[]): string {
      return new TextDecoder().decode(Uint8Array.from(bytes)); // change this
    },
    end(): string {
      return '';
    },
  };
}`,
  solution,
  others,
  hints: [
    'Take the two problems one after the other: first bytes to complete characters, then '
    + 'characters to what may be shown.',
    '`new TextDecoder()` with `decode(bytes, { stream: true })` keeps the bytes of an incomplete '
    + 'character for its next call; `decode()` without bytes gives what is left.',
    'Keep the text that was not shown. Look for a complete stop in it first. If there is none, '
    + 'hold back its longest ending with which a stop begins, and no more.',
    'After "aa" of the stop "aab" comes another "a": one "a" can be shown, and "aa" is held back '
    + 'again, since a "b" may follow.',
  ],
  right: 'characters of one to four bytes, split anywhere; stops within a token and across tokens, '
    + 'false beginnings, several stops, a text that ends in the middle',
  explore:
    'look at streamingDecoder in lib/files/streaming-decoder.ts: how does it hold characters '
    + 'back without seeing a byte?',
  parts: [
    { says: 'complete characters', points: 2 },
    { says: 'stop strings', points: 2 },
    { says: 'both, split anywhere', points: 2 },
  ],
  observer: 'textStream',
  shown: [
    stream('ok', [1, 1], []),
    stream('né', [2, 1], []),
    stream('你好🙂.', [2, 3, 2, 2], []),
    cutOff,
    stream('a STOP b', [2, 4, 2], ['STOP'], 1),
    stream('Yes.\nUser: no', [4, 1, 2, 3, 3], ['\nUser:'], 1),
    stream('Yes.\nUse it', [4, 1, 3, 3], ['\nUser:'], 1),
    stream('caaab', [1, 1, 1, 1, 1], ['aab'], 1),
    stream('one two', [2, 2, 3], ['END', 'o t'], 1),
    stream('see END', [4, 2], ['END'], 1),
    stream('a STO', [2, 3], ['STOP'], 1),
    stream('x STOP b', [8], ['STOP'], 1),
    stream('END, then STOP', [14], ['STOP', 'END'], 1),
    stream('a🙂b🙂🙂c', [3, 4, 4, 3], ['🙂🙂'], 2),
    { input: { tokens: [[83, 84], [0xe4, 0xbd]], stops: ['STOP'] }, part: 2,
      says: "'ST' and two of the three bytes of 你, stops ['STOP']" },
  ],
  hidden: (random) => Array.from({ length: 8 }, () => randomStream(random)),
  agrees: (came, wanted) => equal(merged(came), merged(wanted)),
  resembles: (came, ofMistake) => equal(merged(came), merged(ofMistake)),
  diagnose: (came, input) => {
    const pieces = came as string[];
    const { tokens, stops } = input as unknown as Input;
    const strange = pieces.findIndex((piece) => typeof piece !== 'string');
    if (strange >= 0) return `${strange < tokens.length ? 'push' : 'end'} must return a text`;
    if (pieces.slice(0, -1).some((piece) => piece.includes('\u{fffd}')))
      return 'push shows � for a character that is not complete yet: hold its bytes back';
    const all = pieces.join('');
    return stops.some((stop) => all.includes(stop)) ? 'a stop string is shown' : undefined;
  },
  inMessage: (pieces) => inWords(pieces),
  mistakes,
};
