/** Answers to exercises in a real kernel: what they do to it, and what the check says. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printed, Session } from './kernel-session';

const IMPORT = "import { check, hint, solution, progress } from '../lib/index';";
const CHECK = "await check('16.5.1', rowsComputed);";
const SAYS = 'function rowsComputed(newTokens: number[]): any';

let session: Session;
beforeAll(async () => {
  session = await Session.start();
  await session.run(IMPORT);
});
afterAll(async () => {
  await session.stop();
});

/** What the check prints about an answer with this body. */
async function checked(body: string): Promise<string> {
  await session.run(`${SAYS} { ${body} }`);
  const ran = await session.run(CHECK);
  expect(ran.reply?.status).toBe('ok');
  expect(ran.outputs.filter(({ name }) => name === 'stderr')).toEqual([]);
  return printed(ran);
}

describe('a check in the kernel', () => {
  it('says right, and what to try next', async () => {
    const said = await checked(
      'return { carried: Math.max(...newTokens) * newTokens.length, '
        + 'leave: newTokens.reduce((a, b) => a + b) };',
    );
    expect(said).toMatch(/^right: rows that end at different steps/);
    expect(said).toContain('\nnext: ');
  });

  it.each([
    ['an endless loop', 'while (true) {}', 'ran for longer than 5 s'],
    ['an endless loop that catches', 'for (;;) try { for (;;) {} } catch {}', 'longer than 5 s'],
    [
      'an endless loop in a package',
      "return /^(a+)+$/.test('a'.repeat(40) + 'b');",
      'longer than 5 s',
    ],
    [
      'memory without end',
      'const all = []; for (;;) all.push(new Array(1e5).fill(1));',
      'more than 1.0 GB of memory',
    ],
    ['an exception', "throw new Error('boom');", 'an error: Error: boom'],
    ['a thrown text', "throw 'boom';", 'an error: boom'],
    ['endless recursion', 'return rowsComputed(newTokens);', 'Maximum call stack size exceeded'],
    ['a promise', 'return Promise.resolve({ carried: 0, leave: 0 });', 'a promise where a value'],
    ['nothing', 'return;', 'got     undefined'],
    ['a huge result', 'return new Array(1e6).fill(7);', 'got     [7, 7'],
    ['a result with a circle', 'const a: any = {}; a.a = a; return a;', '[too deep]'],
    [
      'a result that throws when it is read',
      "return { get carried() { throw new Error('no'); } };",
      'an error: Error: no',
    ],
  ])('survives %s', async (_, body, says) => {
    expect(await checked(body)).toContain(says);
    expect(printed(await session.run('1 + 1'))).toBe('2\n');
  });

  it('refuses an answer that is older than the last failed compile of its cell', async () => {
    const right = 'return { carried: Math.max(...newTokens) * newTokens.length, '
      + 'leave: newTokens.reduce((a, b) => a + b) };';
    expect(await checked(right)).toMatch(/^right/);
    const bad = await session.run(`${SAYS} { const n: number = 'text'; return n; }`);
    expect(bad.reply?.status).toBe('error');
    expect(printed(await session.run(CHECK))).toMatch(
      /^not yet: the last cell that declares rowsComputed failed/,
    );
    expect(await checked(right)).toMatch(/^right/);
  });

  it('refuses an answer whose name a failed cell was to assign anew', async () => {
    await session.run('let again = (newTokens: number[]): number => 1;');
    expect((await session.run("again = () => 'text';")).reply?.status).toBe('error');
    const named = CHECK.replace('rowsComputed', 'again');
    expect(printed(await session.run(named))).toMatch(/^not yet: it gives|^not yet: the result/);
    await session.run('let rowsComputed = (newTokens: number[]): number => 1;');
    expect((await session.run("rowsComputed = () => 'text';")).reply?.status).toBe('error');
    expect(printed(await session.run(CHECK))).toMatch(/^not yet: the last cell that declares/);
  });

  it('interrupts an answer with its cell', async () => {
    await session.run(`${SAYS} { while (true) {} }`);
    const ran = await session.run(CHECK, { interrupts: [1] });
    expect(ran.reply).toMatchObject({ status: 'error', ename: 'Interrupted' });
    expect(ran.seconds).toBeLessThan(8);
    expect(await checked('return 1 as any;')).toContain('got     1');
  });

  it('says that a stub is not attempted', async () => {
    expect(await checked('return { carried: 0, leave: 0 };')).toMatch(
      /^not attempted: rowsComputed/,
    );
  });
});
