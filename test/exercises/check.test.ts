/** What a learner calls in a notebook: check, hint, solution and progress, and their file. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PROGRESS_FILE } from '../../lib/base/paths';
import { check, hint, progress, solution } from '../../lib/exercises/check';

/** A learner's own file is put aside meanwhile. */
const ASIDE = `${PROGRESS_FILE}.aside`;
beforeAll(() => {
  mkdirSync(dirname(PROGRESS_FILE), { recursive: true });
  if (existsSync(PROGRESS_FILE)) renameSync(PROGRESS_FILE, ASIDE);
});
afterAll(() => {
  rmSync(PROGRESS_FILE, { force: true });
  if (existsSync(ASIDE)) renameSync(ASIDE, PROGRESS_FILE);
});

let said: string[] = [];
beforeEach(() => {
  rmSync(PROGRESS_FILE, { force: true });
  said = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text));
});
afterEach(() => {
  vi.restoreAllMocks();
});

const wrong = (): object => ({ carried: 0, leave: 1 });
const right = (tokens: number[]): object => ({
  carried: Math.max(0, ...tokens) * tokens.length,
  leave: tokens.reduce((a, b) => a + b, 0),
});

describe('the help for an exercise', () => {
  it('remembers attempts and what is solved, and gives the next hint at each call', async () => {
    await check('16.5.1', wrong);
    await check('16.5.1', right);
    await check('16.5.1', wrong);
    await hint('16.5.1');
    await hint('16.5.1');
    await hint('16.5.1');
    expect(said.slice(3).map((text) => text.slice(0, 11))).toEqual([
      'hint 1 of 2',
      'hint 2 of 2',
      'hint 2 of 2',
    ]);
    await progress();
    expect(said.join('\n')).toMatch(
      /16\.5\.1 +solved +What the carried rows cost \(3 checks, 2 hints\)/,
    );
    expect(JSON.parse(readFileSync(PROGRESS_FILE, 'utf8'))).toEqual({
      '16.5.1': { attempts: 3, solved: true, hints: 2 },
    });
  });

  it('prints solutions after an attempt, or on insistence', async () => {
    await solution('16.5.1');
    expect(said.join('\n')).toMatch(/^try it first/);
    await solution('16.5.1', { anyway: true });
    expect(said[1]).toContain('function rowsComputed');
    await check('16.5.1', wrong);
    await solution('16.5.1');
    expect(said.filter((text) => text.startsWith('function rowsComputed')).length).toBe(2);
    expect(said.at(-1)).toMatch(/^\n\/\/ the longest row first/);
  });

  it.each([
    'null',
    '[]',
    '"text"',
    '{"16.5.1":{}}',
    '{"16.5.1":{"attempts":1,"solved":true,"hints":-3}}',
    '{"16.5',
    '',
  ])('goes on with a damaged file: %s', async (text) => {
    writeFileSync(PROGRESS_FILE, text);
    await hint('16.5.1');
    expect(said[0]).toMatch(/^hint 1 of 2/);
    await progress();
    await check('16.5.1', right);
    expect(said.at(-1)).toMatch(/^right: /);
  });

  it('says which exercises, hints and options there are', async () => {
    await expect(check('16.5.99', right)).rejects.toThrow(/unknown exercise 16\.5\.99; known are/);
    await expect(check(16 as never, right)).rejects.toThrow(/must be a text such as '16\.5\.2'/);
    await expect(hint('16.5.1', 7)).rejects.toThrow(/from 1 to 2, got 7/);
    await expect(solution('16.5.1', { anyways: true } as never)).rejects.toThrow(
      /unknown option of solution anyways/,
    );
  });
});

it('a check does not judge with a function of JavaScript that was replaced', async () => {
  const { abs } = Math;
  try {
    await check('16.5.1', () => {
      Math.abs = () => 0;
      return { carried: 1, leave: 1 };
    });
  } finally {
    Math.abs = abs;
  }
  expect(said.join('\n')).toMatch(/^not checked: Math\.abs of JavaScript was replaced/);
});
