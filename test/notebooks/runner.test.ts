import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { copyName, markCopy } from '../../lib/course/notebooks/copies';
import { execute, Executor, FailedRun } from '../../lib/course/notebooks/execute';
import { type Cell, isCode, type Notebook, notebookText, readNotebook,
  textOf } from '../../lib/course/notebooks/notebook';
import { addPictures, type Photographer } from '../../lib/course/notebooks/pictures';
import { save } from '../../lib/course/notebooks/save';
import { root } from '../../lib/course/setup/paths.mjs';
import { PLOTLY } from '../../lib/plots/show';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runner-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const code = (id: string, source: string): Cell => ({ cell_type: 'code', id, metadata: {}, source,
  execution_count: null, outputs: [] });
const notebook = (...cells: Cell[]): Notebook => ({ cells, metadata: {}, nbformat: 4,
  nbformat_minor: 5 });

describe('a copy that was run with other values', () => {
  test('has a name of its own for each of them', () => {
    expect(copyName('16.3-x.ipynb', { steps: 40 })).toBe('16.3-x--steps=40.ipynb');
    expect(copyName('16.3-x.ipynb', { steps: 40 }, true)).toBe('16.3-x--steps=40--failed.ipynb');
    expect(copyName('16.3-x.ipynb')).toBe('16.3-x.ipynb');
    const prompts = ['a b', 'a_b', 'a/b', '../b', 'x'.repeat(300), `${'x'.repeat(300)}y`];
    const names = prompts.map((prompt) => copyName('x.ipynb', { prompt }));
    expect(new Set(names).size).toBe(prompts.length);
    for (const name of names) expect(name).toMatch(/^x--[\w.,=+-]{1,120}\.ipynb$/);
  });

  test('says them, in its metadata and below its card', () => {
    const marked = markCopy(notebook(code('card', ''), code('next', '')), { prompt: 'a `b`' });
    expect(marked.metadata['course']).toEqual({ parameters: { prompt: 'a `b`' } });
    expect(marked.cells.map(({ id }) => id)).toEqual(['card', 'run-with', 'next']);
    expect(textOf(marked.cells[1]!.source)).toContain('`` {"prompt":"a `b`"} ``');
  });
});

describe('the picture of a plot', () => {
  const plot = (y: number, png?: string): Notebook => {
    const data = { [PLOTLY]: { data: [{ y }], layout: { height: 300 } },
      'text/plain': ['It ', 'falls.'], ...(png && { 'image/png': png }) };
    const output = { output_type: 'display_data' as const, data, metadata: {} };
    return notebook({ ...code('plot', ''), outputs: [output] } as Cell);
  };
  const only = ({ cells }: Notebook): Record<string, unknown> => ({ ...cells[0] });

  test("has the plot's sentence in its metadata, also where nothing else changes", async () => {
    const now = plot(1);
    expect(await addPictures(now, plot(1, 'old'), undefined)).toBe(0);
    expect(only(now)['outputs']).toMatchObject([{ data: { 'image/png': 'old' },
      metadata: { 'image/png': { width: 760, height: 300, alt: 'It falls.' } } }]);
  });

  test('is left out where there is no browser and the plot has changed', async () => {
    const now = plot(2);
    expect(await addPictures(now, plot(1, 'old'), undefined)).toBe(1);
    expect(JSON.stringify(now)).not.toContain('image/png');
    const photo = { png: () => Promise.resolve('new') } as Partial<Photographer> as Photographer;
    expect(await addPictures(now, plot(1, 'old'), photo)).toBe(0);
    expect(JSON.stringify(now)).toContain('"image/png":"new"');
  });
});

describe('several notebooks at once', () => {
  const write = (name: string, source: string): string => {
    const file = join(folder, name);
    writeFileSync(file, notebookText(notebook(code('only', source))));
    return file;
  };
  const outputs = async (run: Promise<Notebook>): Promise<unknown[]> =>
    (await run).cells.filter(isCode).flatMap((cell) => cell.outputs);

  test(
    'each has its kernel, its values and its own failure; they run beside each other',
    async () => {
      // each waits until the other has begun
      const meet = (mine: string, its: string): string =>
        `import { existsSync, writeFileSync } from 'node:fs';
writeFileSync('${mine}', '');
while (!existsSync('${its}')) await new Promise((later) => setTimeout(later, 10));
console.log(process.env['COURSE_PARAMS']);`;
      const executor = new Executor();
      try {
        const [a, b, bad] = [
          write('a.ipynb', meet('a', 'b')),
          write('b.ipynb', meet('b', 'a')),
          write('bad.ipynb', "throw new Error('no');"),
        ];
        const failed = executor.execute(bad).catch((error: unknown) => error);
        const runs = [a, b].map((file, n) => outputs(executor.execute(file, { params: { n } })));
        expect(await Promise.all(runs)).toMatchObject([[{ text: ['{"n":0}\n'] }], [{
          text: ['{"n":1}\n'],
        }]]);
        expect((await failed as FailedRun).message).toBe('bad.ipynb, cell only: Error: no');
      } finally {
        executor.close();
      }
    },
    120_000,
  );

  test('what a cell writes past the kernel disturbs nothing', async () => {
    const executor = new Executor();
    try {
      const file = write('raw.ipynb', "require('fs').writeSync(1, '{no\\n'); console.log(1);");
      expect(await outputs(executor.execute(file))).toMatchObject([{ text: ['1\n'] }]);
    } finally {
      executor.close();
    }
  });

  test('a process that is ended from outside fails what runs, and no later one', async () => {
    const executor = new Executor();
    try {
      const file = write('kill.ipynb', 'process.kill(process.ppid, 9);');
      await expect(executor.execute(file)).rejects.toThrow('execute.py ended: SIGKILL');
      expect(await outputs(executor.execute(write('a.ipynb', 'console.log(1);'))))
        .toMatchObject([{ text: ['1\n'] }]);
      const waits = executor.execute(write('b.ipynb', 'await new Promise(() => undefined);'));
      executor.close();
      await expect(waits).rejects.toThrow('the run was ended');
    } finally {
      executor.close();
    }
  }, 120_000);
});

describe('a run that fails', () => {
  const outputs = async (file: string): Promise<[string, unknown[]]> => {
    const failure = await execute(file).catch((error: unknown) => error);
    if (!(failure instanceof FailedRun)) throw failure;
    const cells = failure.notebook.cells.filter(isCode);
    return [failure.message, cells.map((cell) => cell.outputs)];
  };

  test.each([
    ["throw new Error('no');", 'x.ipynb, cell bad: Error: no'],
    ['process.kill(process.pid, 9);', 'x.ipynb, cell bad: Kernel died'],
  ])('by %s gives what it had put out', async (source, says) => {
    const file = join(folder, 'x.ipynb');
    writeFileSync(
      file,
      notebookText(
        notebook(code('first', 'console.log(41);'), code('bad', source)),
      ),
    );
    const [message, [first]] = await outputs(file);
    expect(message).toContain(says);
    expect(first).toMatchObject([{ text: ['41\n'] }]);
  }, 120_000);

  test('is saved as a copy with its page, and exits with 1', async () => {
    const file = join(folder, 'x.ipynb');
    const declared = 'const p = params({ n: { default: 1, range: [1, 9], about: "More." } });';
    const parameters = { ...code('parameters', declared), metadata: { tags: ['parameters'] } };
    const bad = code('bad', "throw new Error('no');");
    writeFileSync(file, notebookText(notebook(bad, parameters)));
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const runs = [{ file, params: { n: 3 } }];
    expect(await save({ runs, out: join(folder, 'out'), check: false, html: true })).toBe(1);
    expect(said.mock.calls).toEqual([['x.ipynb, cell bad: Error: no']]);
    const [page = '', name = ''] = readdirSync(join(folder, 'out')).sort();
    expect([page, name]).toEqual(['x--n=3--failed.html', 'x--n=3--failed.ipynb']);
    expect(readFileSync(join(folder, 'out', page), 'utf8')).toContain('Error: no');
    expect(readNotebook(join(folder, 'out', name)).metadata['course']).toEqual({
      parameters: { n: 3 },
    });
    said.mockRestore();
  }, 120_000);
});

test('a run with other values says at its end where its page is', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [
    '--import',
    'tsx',
    'lib/course/notebooks/main.ts',
    '16.0',
    '-p',
    'position=5',
    '--html',
    '--out',
    folder,
  ], { cwd: root, encoding: 'utf8', env: { ...process.env, COURSE_BROWSER: '/none' } });
  expect(status, stderr).toBe(0);
  const path = /its page: (.*)\n$/.exec(stdout)?.[1] ?? '';
  expect(path).toBe(join(folder, '16.0-eight-tokens-by-hand--position=5.html'));
  const page = readFileSync(path, 'utf8');
  expect(page).toContain('<strong>5</strong>'); // in the table of the parameters
  expect(page.match(/class="course-plot/g)!.length).toBeGreaterThan(5);
}, 120_000);

test.each(['COURSE_PARAMS', 'COURSE_FMA'])(
  'with %s in the environment the committed notebooks are not overwritten',
  (name) => {
    const { status, stderr } = spawnSync(process.execPath, [
      '--import',
      'tsx',
      'lib/course/notebooks/main.ts',
      '16.0',
    ], { cwd: root, encoding: 'utf8',
      env: { ...process.env, [name]: name === 'COURSE_PARAMS' ? '{"position":5}' : '1' } });
    expect(stderr).toContain(`Problem: ${name} is set, so the outputs would not be those of`);
    expect(status).toBe(1);
  },
  60_000,
);
