import type { Random } from '../../../base/random';
import type { Case, Exercise } from '../../exercise';
import { edit } from '../../exercise';
import { equal, inWords, type Plain } from '../../plain';

const solution = `function textStream(stops: string[]) {
  const decoder = new TextDecoder();
  let held = ''; // decoded, but perhaps the beginning of a stop
  let isOver = false;
  const show = (isLast: boolean) => {
    const found = stops.map((stop) => held.indexOf(stop)).filter((at) => at >= 0);
    if (found.length > 0) {
      isOver = true;
      return held.slice(0, Math.min(...found));
    }
    const mayBegin = (text: string) => stops.some((stop) => stop.startsWith(text));
    let from = isLast ? held.length : 0;
    while (from < held.length && !mayBegin(held.slice(from))) from++;
    const shown = held.slice(0, from);
    held = held.slice(from);
    return shown;
  };
  return {
    push(bytes: number[]): string {
      if (isOver) return '';
      held += decoder.decode(Uint8Array.from(bytes), { stream: true });
      return show(false);
    },
    end(): string {
      if (isOver) return '';
      held += decoder.decode(); // � for a character that is cut off
      return show(true);
    },
  };
}`;

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
const merged = (value: Plain): Plain =>
  (value as string[]).map((text) => text.replace(/\u{fffd}+/gu, '\u{fffd}'));

export const textStream: Exercise = {
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
  others: [
    {
      says: 'decode all bytes again at each token, and remember how much of the text was shown',
      source: `function textStream(stops: string[]) {
  const all: number[] = [];
  let shown = 0;
  let isOver = false;
  const isBegun = (text: string) =>
    stops.some((stop) => text !== '' && stop.startsWith(text));
  const next = (text: string, isLast: boolean) => {
    if (isOver) return '';
    const places = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
    isOver = places.length > 0;
    let to = isOver ? Math.min(...places) : text.length;
    if (!isOver && !isLast) {
      for (let at = to - 1; at >= shown; at--)
        if (isBegun(text.slice(at))) to = at;
    }
    const piece = text.slice(shown, to);
    shown = to;
    return piece;
  };
  const decode = () => new TextDecoder().decode(Uint8Array.from(all));
  return {
    push(bytes: number[]) {
      all.push(...bytes);
      return next(decode().replace(/�+$/, ''), false);
    },
    end: () => next(decode(), true),
  };
}`,
    },
    {
      says: 'a class; the bytes of a character are counted by its first byte',
      source: `class TextStream {
  private bytes: number[] = [];
  private text = '';
  private over = false;
  constructor(private readonly stops: string[]) {}
  push(token: number[]): string {
    for (const byte of token) {
      this.bytes.push(byte);
      const [first] = this.bytes;
      const size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
      if (this.bytes.length < size) continue;
      this.text += new TextDecoder().decode(Uint8Array.from(this.bytes));
      this.bytes = [];
      const stop = this.stops.find((each) => this.text.endsWith(each));
      if (this.over || stop === undefined) continue;
      const rest = this.text.slice(0, -stop.length);
      this.over = true;
      this.text = '';
      return rest;
    }
    return this.over ? '' : this.take();
  }
  private take(): string {
    const { text, stops } = this;
    const ends = Array.from(text, (_, n) => Array.from(text).slice(n).join(''));
    const held = ends.find((end) => stops.some((stop) => stop.startsWith(end))) ?? '';
    this.text = held;
    return text.slice(0, text.length - held.length);
  }
  end(): string {
    return this.over ? '' : this.text + (this.bytes.length > 0 ? '�' : '');
  }
}
const textStream = (stops: string[]) => new TextStream(stops);`,
    },
  ],
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
  mistakes: [
    {
      says: 'each token is decoded alone: a character split over two of them becomes �',
      source: edit(solution, [
        'decoder.decode(Uint8Array.from(bytes), { stream: true })',
        'new TextDecoder().decode(Uint8Array.from(bytes))',
      ]),
    },
    {
      says: 'a character that is cut off at the end is lost: end shows � for it',
      source: edit(solution, [
        '      held += decoder.decode(); // � for a character that is cut '
        + 'off\n',
        '',
      ]),
    },
    {
      says: 'nothing is held back for a stop that may go on in the next token: its beginning is '
        + 'shown',
      source: edit(solution, ['isLast ? held.length : 0', 'held.length']),
    },
    {
      says: 'the stop string is shown: the text ends before it',
      source: edit(solution, [
        'return held.slice(0, Math.min(...found));',
        'const at = Math.min(...found);\n'
        + '      return held.slice(0, at) + stops.find((stop) => held.startsWith(stop, at));',
      ]),
    },
    {
      says: 'the text goes on after a stop: all later calls return an empty text',
      source: edit(solution, [
        '      isOver = true;\n      return held.slice(0, Math.min(...found));',
        '      const at = Math.min(...found);\n'
        + '      const before = held.slice(0, at);\n'
        + '      held = held.slice(at + stops.find((stop) => held.startsWith(stop, at))!.length);\n'
        + '      return before;',
      ]),
    },
    {
      says: 'what was held back is lost at the end: end returns it',
      source: edit(solution, ['return show(true);', "return held.replace(/[^\u{fffd}]/g, '');"]),
    },
    {
      says: 'too much is held back: always as much as a stop is long, also what cannot begin one',
      source: edit(solution, [
        '    while (from < held.length && !mayBegin(held.slice(from))) from++;',
        '    const longest = Math.max(1, ...stops.map((stop) => stop.length));\n'
        + '    if (!isLast) from = Math.max(0, held.length - longest + 1);',
      ]),
    },
    {
      says: 'after a false beginning all of it is shown, and with it what may begin the stop anew: '
        + '"aa", then "a", may still become "aab"',
      source: edit(solution, [
        '    while (from < held.length && !mayBegin(held.slice(from))) from++;\n',
        '    if (held.length > 1 && !stops.some((stop) => stop.startsWith(held))) {\n'
        + '      const last = wasHeld ? held.length : lastBegin(held);\n'
        + '      from = isLast ? held.length : last;\n'
        + '    } else if (!stops.some((stop) => stop.startsWith(held))) from = held.length;\n'
        + '    wasHeld = from < held.length;\n',
      ], [
        '  let isOver = false;\n',
        '  let isOver = false;\n  let wasHeld = false;\n'
        + '  const lastBegin = (text: string) => {\n'
        + '    let at = 0;\n'
        + '    while (at < text.length && !stops.some((stop) => stop.startsWith(text.slice(at)))) '
        + 'at++;\n    return at;\n  };\n',
      ]),
    },
    {
      says: 'only one character is held back, the first of a stop: hold back its whole beginning',
      source: edit(solution, [
        'stop.startsWith(text)',
        'stop[0] === text',
      ]),
    },
    {
      says: 'only the first of the stops ends the text: each of them must',
      source: edit(solution, [
        '  const decoder',
        '  stops = stops.slice(0, 1);\n  const decoder',
      ]),
    },
    {
      says: 'of two stops in one token the first of the list ends the text: the one that comes '
        + 'first in the text must',
      source: edit(solution, ['Math.min(...found)', 'found[0]']),
    },
    {
      says: 'nothing is shown before the end: show what is certain at each token',
      source: edit(solution, ['return show(false);', "return '';"]),
    },
  ],
};
