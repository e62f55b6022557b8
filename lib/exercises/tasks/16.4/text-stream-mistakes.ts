/** Expected wrong answers to 16.4.4, a text shown while it is written. */
import { edit, type Mistake } from '../../exercise';
import { solution } from './text-stream-answers';

export const mistakes: readonly Mistake[] = [
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
];
