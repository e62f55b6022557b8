import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { finished, printed } from './scratch';

function program(text: string) {
  return spawn(process.execPath, ['--eval', text]);
}

test('two questions find what came in one piece of output', async () => {
  const child = program('console.log("first\\nsecond")');
  const end = finished(child);
  expect((await printed(child, /first/))[0]).toBe('first');
  expect((await printed(child, /second/))[0]).toBe('second');
  expect(await end).toEqual({ code: 0, output: 'first\nsecond\n' });
  expect((await printed(child, /first/))[0]).toBe('first'); // and after its end
});

test('what was not printed is an error that tells what was', async () => {
  const child = program('console.error("only this"); process.exit(3)');
  await expect(printed(child, /that/)).rejects.toThrow(/that.* was not printed, but:\nonly this/);
  await expect(printed(child, /that/)).rejects.toThrow('only this'); // it has ended already
  expect((await finished(child)).code).toBe(3);
});
