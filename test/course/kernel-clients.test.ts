import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scratch } from '../../lib/course/setup/scratch';
import { KERNEL_NAME, KERNEL_TITLE } from '../../lib/course/setup/jupyter-kernel.mjs';
import { jupyterEnvironment, pythonOf } from '../../lib/course/setup/paths.mjs';

// nbclient runs every notebook of the course in test/notebooks, JupyterLab one of them in
// test/browser.
let folder: string;
const at = (name: string): string => path.join(folder, name);
beforeAll(() => {
  folder = scratch('clients');
  const cells = ['const n: number = 6;', 'console.log(`${n} times 7 is ${n * 7}`);'].map((
    source,
    i,
  ) => ({ cell_type: 'code', id: `cell-${i}`, metadata: {}, source, outputs: [],
    execution_count: null })
  );
  const kernelspec = { name: KERNEL_NAME, display_name: KERNEL_TITLE, language: 'typescript' };
  writeFileSync(
    at('in.ipynb'),
    JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

it.each([
  ['nbconvert', ['--to', 'notebook', '--execute', '--output', 'out.ipynb', 'in.ipynb']],
  ['papermill', ['in.ipynb', 'out.ipynb']],
])(
  "%s runs a notebook on the kernel that is registered in the course's environment",
  (client, args) => {
    const ran = spawnSync(pythonOf(), ['-m', client, ...args], { cwd: folder,
      env: jupyterEnvironment(at('jupyter')), encoding: 'utf8' });
    expect(ran.status, ran.stderr).toBe(0);
    const { cells } = JSON.parse(readFileSync(at('out.ipynb'), 'utf8')) as {
      cells: { outputs: object[] }[];
    };
    expect(cells.at(-1)!.outputs).toMatchObject([{ name: 'stdout', text: ['6 times 7 is 42\n'] }]);
    rmSync(at('out.ipynb'));
  },
  60_000,
);
