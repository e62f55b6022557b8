/** papermill's own command and its `-p`, `-y` and `-f` on the course's kernel. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync,
  writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scratch } from '../../lib/course/setup/scratch';
import { KERNEL_NAME, KERNEL_TITLE } from '../../lib/course/setup/jupyter-kernel.mjs';
import { installTranslator } from '../../lib/course/setup/papermill-translator.mjs';
import { jupyterEnvironment, pythonOf, root } from '../../lib/course/setup/paths.mjs';

const PARAMETERS = `import { params } from '../../lib/base/params';
const p = params({
  temperature: { default: 0.5, range: [0.05, 5], about: 'Higher is bolder.' },
  topK: { default: 5, range: [1, 100], unit: 'words', about: 'Larger keeps more.' },
  prompt: { default: 'The agent', about: 'What it begins with.' },
  causal: { default: true, about: 'False lifts the mask.' },
  queue: { default: ['a'], about: 'Several prompts.' },
});
const read = () => p.temperature; // of the same cell: it must see the new value`;
const USE = 'console.log(JSON.stringify([read(), p.topK, p.prompt, p.causal, p.queue]));';

let folder: string;
const at = (name: string): string => path.join(folder, name);
beforeAll(() => {
  folder = scratch('papermill');
  const cells = [PARAMETERS, USE].map((source, i) => ({ cell_type: 'code', id: `cell-${i}`,
    metadata: { tags: i === 0 ? ['parameters'] : [] }, source, outputs: [], execution_count: null })
  );
  const kernelspec = { name: KERNEL_NAME, display_name: KERNEL_TITLE, language: 'typescript' };
  writeFileSync(
    at('in.ipynb'),
    JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** Runs papermill, without blocking this process for longer than vitest allows. */
function papermill(
  ...args: string[]
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(pythonOf(), ['-m', 'papermill', ...args], { cwd: folder,
    env: jupyterEnvironment(at('jupyter')) });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => stdout += text);
  child.stderr.setEncoding('utf8').on('data', (text: string) => stderr += text);
  return new Promise((resolve, reject) =>
    child.on('error', reject).on('close', (status) => resolve({ status, stdout, stderr }))
  );
}

/** The texts that the cells of a notebook printed. */
function printed(name: string): string[] {
  const { cells } = JSON.parse(readFileSync(at(name), 'utf8')) as {
    cells: { outputs: { text?: string[] }[] }[];
  };
  return cells.map(({ outputs }) => outputs.flatMap(({ text = [] }) => text).join(''));
}

it('sets numbers, texts, booleans and lists, from -p, -r, -y and -f', async () => {
  writeFileSync(at('values.yaml'), 'temperature: 2\ntopK: 9\n');
  const { status, stderr } = await papermill(
    'in.ipynb',
    'out.ipynb',
    ...['-f', 'values.yaml', '-y', `{causal: false, queue: ["a 🙂", "it's\\n\\"so\\""]}`],
    ...['-p', 'temperature', '1.2', '-r', 'prompt', '5'],
  );
  expect(status, stderr).toBe(0);
  const [, injected, used] = printed('out.ipynb');
  expect(JSON.parse(used!)).toEqual([1.2, 9, '5', false, ['a 🙂', 'it\'s\n"so"']]);
  expect(injected).toContain('temperature: 1.2'); // the saved copy records the values
}, 120_000);

it.each([
  ['-p', 'temperature', '9', 'the parameter temperature must be a number from 0.05 to 5, got 9'],
  ['-r', 'topK', '7', "Type 'string' is not assignable to type 'number'"],
  ['-p', 'temprature', '1', "Did you mean 'temperature'?"],
])('%s %s %s stops the run with a clear sentence', async (flag, name, value, message) => {
  const { status, stderr } = await papermill('in.ipynb', 'wrong.ipynb', flag, name, value);
  expect(stderr).toContain(message);
  expect(status).not.toBe(0);
}, 120_000);

it('lists names, types, defaults and what to expect, without a kernel', async () => {
  const { status, stdout, stderr } = await papermill('--help-notebook', 'in.ipynb');
  expect(status, stderr).toBe(0);
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    'temperature: number (default 0.5) Higher is bolder. (from 0.05 to 5) '
      + 'topK: number (default 5) Larger keeps more. (from 1 to 100 words) '
      + 'prompt: string (default "The agent") What it begins with. '
      + 'causal: boolean (default true) False lifts the mask. (true or false) '
      + 'queue: string[] (default ["a"]) Several prompts.',
  );
});

it('is registered in the given environment, and written again only where it differs', () => {
  const venv = mkdtempSync(path.join(tmpdir(), 'venv-'));
  const packages = path.join(venv, 'lib', 'python3.12', 'site-packages');
  mkdirSync(packages, { recursive: true });
  installTranslator(root, venv);
  const pth = path.join(packages, 'course_papermill.pth');
  const [names, { ino }] = [readdirSync(packages, { recursive: true }).sort(), statSync(pth)];
  expect(readdirSync(readFileSync(pth, 'utf8').trim())).toContain('course_papermill.py');
  installTranslator(root, venv);
  expect(statSync(pth).ino).toBe(ino);
  writeFileSync(pth, '/of/the/old/place\n');
  installTranslator(root, venv);
  expect(readFileSync(pth, 'utf8')).toContain(root);
  expect(readdirSync(packages, { recursive: true }).sort()).toEqual(names);
  rmSync(venv, { recursive: true });
});
