import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync,
  writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { finished, pathWithPython, printed, Scratch } from './scratch';

// No registry can be reached here; with no package pinned, a real Python environment is made
// without them.
let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch.remove());

const pinNothing = (): void =>
  writeFileSync(scratch.path('lib', 'course', 'setup', 'requirements.txt'), '# nothing\n');
const stamp = (): { folder: string } =>
  JSON.parse(readFileSync(scratch.path('.venv', 'course.json'), 'utf8')) as { folder: string };

test('an installation that was killed is repaired by the next one', async () => {
  pinNothing();
  const killed = scratch.start('setup');
  while (!existsSync(scratch.path('.venv', 'pyvenv.cfg')))
    await new Promise((settle) => setTimeout(settle, 20));
  const gone = finished(killed);
  killed.kill('SIGKILL');
  await gone;
  expect(existsSync(scratch.path('.venv', 'course.json'))).toBe(false);
  const { code, output } = await scratch.run('setup');
  expect(output).toMatch(
    /Installing Python's packages \(the installation .* was interrupted\): done in \d+ s/,
  );
  expect(output).toContain('Everything is installed');
  expect(code).toBe(0);
  expect(stamp().folder).toBe(scratch.path('.venv'));
});

const moments = { 'at its first line': false, 'while venv works': true };
test.each(Object.entries(moments))('Ctrl-C %s is answered with a sentence', async (_, later) => {
  pinNothing();
  const child = scratch.start('setup');
  const end = finished(child);
  await printed(child, /Installing Python/);
  const there = (): boolean => existsSync(scratch.path('.venv', 'pyvenv.cfg'));
  while (later && !there()) await new Promise((settle) => setTimeout(settle, 20));
  child.kill('SIGINT');
  const { code, output } = await end;
  expect(output).toMatch(
    new RegExp(
      'failed after \\d+ s\\s+Problem: The installation was interrupted\\.\\n'
        + 'Next step: Run the same command again',
    ),
  );
  expect(code).toBe(1);
});

// The stand-in for Python is a shell script.
test.skipIf(process.platform === 'win32')(
  'Ctrl-C ends a program that ignores it',
  async () => {
    const deaf = scratch.path('deaf');
    const answer = { version: [3, 12, 1], able: true, executable: deaf };
    // longer than this test may take
    const seconds = Array.from({ length: 120 }, () => 'sleep 1').join('\n');
    writeFileSync(
      deaf,
      `#!/bin/sh\ntrap '' INT TERM\ntouch ${scratch.path('began')}\n${seconds}\n`,
      { mode: 0o755 },
    );
    const path = [pathWithPython(scratch, answer), '/bin'].join(delimiter);
    const child = scratch.start('setup', [], { COURSE_PYTHON: '', PATH: path });
    const end = finished(child);
    while (!existsSync(scratch.path('began')))
      await new Promise((settle) => setTimeout(settle, 20));
    child.kill('SIGINT');
    expect((await end).output).toContain('Problem: The installation was interrupted.');
  },
  30_000,
);

test('after a move of the folder, its environment and its kernel are made again', async () => {
  scratch.borrowEnvironment();
  pinNothing();
  const moved = join(scratch.base, 'a folder with spaces');
  renameSync(scratch.folder, moved);
  scratch.folder = moved;
  const { code, output } = await scratch.run('setup');
  expect(output).toContain('the folder was moved');
  expect(code).toBe(0);
  const kernel = readFileSync(
    scratch.path('.venv', 'share', 'jupyter', 'kernels', 'tslab', 'kernel.json'),
    'utf8',
  );
  expect(kernel).toContain(JSON.stringify(scratch.path('lib', 'course', 'kernel', 'main.cjs')));
  expect(readdirSync(scratch.home)).toEqual([]);
});

test('two installations at once wait for each other', async () => {
  pinNothing();
  const both = await Promise.all([scratch.run('setup'), scratch.run('setup')]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  const texts = both.map(({ output }) => output);
  expect(texts.filter((text) => text.includes('Another installation is running'))).toHaveLength(1);
  expect(texts.filter((text) => text.includes('Installing Python'))).toHaveLength(1);
});

test('with packages missing and no network, start says so and what to do', async () => {
  rmSync(scratch.path('node_modules'));
  const { code, output } = await scratch.run('start', ['--no-browser']);
  expect(output).toMatch(
    /Problem: npm could not reach its registry, .*\nNext step: Connect to the network/,
  );
  expect(output).not.toMatch(/^\s+at /m);
  expect(code).toBe(1);
});

test('with Python packages missing and no network, start says so and what to do', async () => {
  const { code, output } = await scratch.run('start', ['--no-browser']);
  expect(output).toMatch(
    /Problem: pip could not reach its registry, .*\nNext step: Connect to the network/,
  );
  expect(code).toBe(1);
  expect(existsSync(scratch.path('.venv', 'course.json'))).toBe(false);
});

// The stand-in for npm writes down how it was called.
const standIn = (): string => {
  const folder = join(scratch.base, 'npm');
  mkdirSync(folder);
  const file = join(folder, 'npm-cli.js');
  writeFileSync(
    file,
    `const { appendFileSync } = require('node:fs');
    const { env, argv } = process;
    const says = [argv.slice(2).join(' '), env.npm_config_fetch_retry_maxtimeout,
      env.npm_config_cache];
    appendFileSync(${JSON.stringify(scratch.path('calls'))}, says.join('|') + '\\n');
    console.log('ENOTFOUND');
    process.exit(1);`,
  );
  return file;
};

test('without a network npm is not asked twice, and tries again within seconds', async () => {
  rmSync(scratch.path('node_modules'));
  const { output } = await scratch.run('setup', [], { npm_execpath: standIn() });
  expect(output).toContain('Problem: npm could not reach its registry');
  const [ping = '', install = ''] = readFileSync(scratch.path('calls'), 'utf8').split('\n');
  expect(ping).toMatch(/^ping --fetch-retries=0 --fetch-timeout=10000\|5000\|/);
  expect(install).toMatch(/^ci .*--offline\|5000\|/);
  expect(install.endsWith(join(scratch.home, '.npm'))).toBe(true);
});

test("npm's cache is in the course where the home folder may not be written", async () => {
  rmSync(scratch.path('node_modules'));
  mkdirSync(scratch.path('.cache'));
  for (const part of ['.', '.cache']) chmodSync(scratch.path(part), 0o777);
  chmodSync(scratch.home, 0o555);
  const npm = standIn();
  scratch.loseRights();
  await scratch.run('setup', [], { npm_execpath: npm });
  chmodSync(scratch.home, 0o755);
  const [, install = ''] = readFileSync(scratch.path('calls'), 'utf8').split('\n');
  expect(install.split('|').at(-1)).toBe(scratch.path('.cache', 'npm'));
});

test('where .cache may not be written, setup says so and does not wait', async () => {
  mkdirSync(scratch.path('.cache'));
  chmodSync(scratch.path('.cache'), 0o555);
  scratch.loseRights();
  const { code, output } = await scratch.run('setup');
  chmodSync(scratch.path('.cache'), 0o755);
  expect(output).toMatch(/Problem: The folder .* cannot be written\.\nNext step: Give yourself/);
  expect(output).not.toContain('Another installation');
  expect(code).toBe(1);
});

test('an unexpected error ends in a sentence, with the stack trace in a log', async () => {
  mkdirSync(scratch.path('.cache'));
  writeFileSync(scratch.path('package-lock.json'), '{ "packages": ');
  const { code, output } = await scratch.run('setup');
  expect(output).toMatch(/Problem: .*JSON.*\nNext step: npm run doctor/);
  expect(output).not.toMatch(/^\s+at /m);
  expect(readFileSync(scratch.path('.cache', 'logs', 'trouble.log'), 'utf8')).toMatch(/^\s+at /m);
  expect(code).toBe(1);
});
