/** Syntax errors of a cell: the place and the words with which the kernel reports them. */
import ts from '@tslab/typescript-for-tslab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syntaxErrors } from '../../lib/course/kernel/syntax';
import { allExercises } from '../../lib/exercises/tasks/index';
import { type Ran, Session, trace } from './kernel-session';

let kernel: Session;
beforeAll(async () => {
  kernel = await Session.start();
}, 60_000);
afterAll(async () => {
  await kernel.stop();
}, 30_000);

const IF = 'function f(n: number): number {\n  if (n > 1) {\n    return n;\n}\nf(2);';

/** Without the number of the cell. */
const lines = (ran: Ran): string[] =>
  trace(ran).split('\n').map((line) => line.replace(/^(TypeScriptError: )?cell \[\d+\], /, ''));

describe('a cell with a syntax error', () => {
  it.each([
    ['function f(n: number): number {\n  return n;\n', 1, 31, "'}' expected: this '{' is not"],
    ['const a = [1].map((x) => {\n  return x;\n', 1, 26, "'}' expected: this '{' is not closed"],
    ['class A {\n  b() {\n    return 1;\n  }\n', 1, 9, "'}' expected: this '{' is not closed"],
    [IF, 2, 14, "'}' expected, probably for this '{': the '}' in line 4 has less indentation"],
    ['const a = { b: 1, c: [1, 2]\n', 1, 11, "'}' expected: this '{' is not closed"],
    ['import { a, \n', 1, 8, "'}' expected: this '{' is not closed"],
    ['console.log(Math.max(1, 2)\n', 1, 12, "')' expected: this '(' is not closed"],
    ['function f(a: number', 1, 11, "')' expected: this '(' is not closed"],
    ['const a = [1, [2, 3]\n', 1, 11, "']' expected: this '[' is not closed"],
    ['const a: Promise<Array<number>', 1, 17, "'>' expected: this '<' is not closed"],
    ['const a = `one ${1}\nconsole.log(a);\n', 1, 11, 'Unterminated template literal'],
    ["const a = 'one;\nconsole.log(a);\n", 1, 11, 'Unterminated string literal'],
    ['const a = 1;\nconst b = "one', 2, 11, 'Unterminated string literal'],
    ['const a = /abc\n;', 1, 11, 'Unterminated regular expression literal'],
    ['const a = 1;\n/* no end\n', 2, 1, "'*/' expected, to end this comment"],
    ['const a = 1 +\n', 1, 13, 'Expression expected'],
    ['try {\n  1;\n}\n', 3, 1, "'catch' or 'finally' expected"],
    [
      'console.log(Math.max(1, 2);\nconst b = 2;',
      1,
      27,
      "')' expected: the '(' in line 1, column 12",
    ],
    ['const a = `one ${1 + 2\nconst b = 1;', 2, 1, "'}' expected: the '${' in line 1, column 16"],
    [
      'function f() {\n  g({ a: 1 ;\n  return 2;\n}\n',
      2,
      12,
      "the '{' in line 2, column 5 is probably not closed, because the '}' in line 4",
    ],
  ])('is told the place inside it: %j', async (code, line, column, says) => {
    const ran = await kernel.run(code);
    expect(ran.reply).toMatchObject({ status: 'error', ename: 'TypeScriptError' });
    const [first] = lines(ran);
    expect(first).toContain(`line ${line}, column ${column}: `);
    expect(first).toContain(says);
  });

  it('is told nothing of its types, which follow from what is missing', async () => {
    expect(lines(await kernel.run(IF))).toHaveLength(1);
    expect(lines(await kernel.run('const a = { b: 1, c: [1, 2]\n'))).toHaveLength(1);
  });

  it('does not set the names that it declares', async () => {
    await kernel.run('let before = 1;');
    await kernel.run('before = 2; {');
    expect(lines(await kernel.run('throw before;'))[0]).toContain('1');
  });
});

describe('a syntax error in an answer to an exercise', () => {
  const sources = allExercises.map(({ solution }) => solution);
  const all = [
    ...sources,
    ...allExercises.flatMap(({ others }) => others.map((one) => one.source)),
  ];

  /** The places that a cell does not have. */
  function outside(source: string): string[] {
    const rows = source.split('\n');
    return syntaxErrors(ts, source)
      .filter(({ start: { line, character } }) => !(character < (rows[line] ?? '').length))
      .map(({ start, messageText }) => `${start.line}:${start.character} ${messageText}`);
  }

  it('is placed inside it wherever the text is cut off', () => {
    let broken = 0;
    for (const source of sources)
      for (let end = 1; end < source.length; end += 7)
        for (const text of [source.slice(0, end), `${source.slice(0, end)}\n`]) {
          expect(outside(text), text).toEqual([]);
          broken += Number(syntaxErrors(ts, text).length > 0);
        }
    expect(broken).toBeGreaterThan(1000);
  }, 120_000);

  it('names the brace of the statement whose own brace is missing', () => {
    let found = 0;
    for (const source of all) {
      expect(syntaxErrors(ts, source)).toEqual([]);
      // a line with a brace alone ends a statement of more than one line
      for (const { index } of source.matchAll(/^ +\}\n/gm)) {
        const rows = source.slice(0, index).split('\n');
        const indentation = /^ */.exec(source.slice(index))![0];
        const opening = rows.map((row) =>
          row.startsWith(indentation) && row[indentation.length] !== ' '
        ).lastIndexOf(true);
        const text = source.slice(0, index) + source.slice(source.indexOf('\n', index) + 1);
        const [first] = syntaxErrors(ts, text);
        const says = `line ${first!.start.line + 1}: ${first!.messageText}`;
        expect(says, text).toMatch(new RegExp(`\\bline ${opening + 1}\\b`));
        found += 1;
      }
    }
    expect(found).toBeGreaterThan(30);
  });
});
