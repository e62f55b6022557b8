import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync,
  writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../lib/course/setup/paths.mjs';
import { printed, Session } from './kernel-session';

let folder: string;
let kernel: Session;
const write = (name: string, text: string): void =>
  writeFileSync(path.join(folder, 'lib', `${name}.ts`), text);

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'kernel-')));
  for (const name of ['lib', 'notebooks']) mkdirSync(path.join(folder, name));
  for (const name of ['package.json', 'tsconfig.json'])
    cpSync(path.join(root, name), path.join(folder, name));
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  const spin = 'const until = Date.now() + 120;\nwhile (Date.now() < until);\n';
  write('one', `console.log('loads');\n${spin}export const one = 1;\n`);
  write('two', `${spin}export const two = 2;\n`);
  write('three', `${spin}export const three = 3;\n`);
  write('hangs', 'console.log("loads");\nfor (;;);\nexport const never = 1;\n');
  kernel = await Session.start(path.join(folder, 'notebooks'));
});
afterAll(async () => {
  await kernel.stop();
  rmSync(folder, { recursive: true, force: true });
});

const files = "import { one } from '../lib/one'; import { two } from '../lib/two';\n"
  + "import { three } from '../lib/three';\n";

describe('an import that is interrupted', () => {
  it.each(Array.from({ length: 10 }, (_, i) => i * 0.03))(
    'is right when it runs again: after %d s',
    async (seconds) => {
      // A file of its own each time, for which esbuild must still run.
      const name = `fresh${Math.round(seconds * 100)}`;
      write(name, `export const last: number = 4;\n`);
      const cell = `${files}import { last } from '../lib/${name}';\n[one, two, three, last]`;
      await kernel.run(
        'for (const file of Object.keys(require.cache)) {\n'
          + `  if (file.startsWith(${JSON.stringify(folder)})) delete require.cache[file];\n}`,
      );
      const { reply } = await kernel.run(cell, { interrupts: [seconds], after_output: true });
      // on a busy machine the import may have ended before
      if (reply!.status === 'error') expect(reply!.ename).toBe('Interrupted');
      expect(printed(await kernel.run(cell)).split('\n').at(-2)).toBe('[ 1, 2, 3, 4 ]');
    },
  );

  it('within a file that never ends is ended after a while, and imports then fail', async () => {
    const hanging = "import { never } from '../lib/hangs';";
    const { reply } = await kernel.run(hanging, { interrupts: [0.1], after_output: true });
    expect(reply).toMatchObject({ status: 'error', ename: 'Interrupted' });
    expect((await kernel.run(files)).reply).toMatchObject({ status: 'error', ename: 'HalfLoaded',
      evalue: 'an interrupt ended an import within a file: restart the kernel' });
    expect(printed(await kernel.run('one + 1'))).toBe('2\n');
  });
});
