/** `npm run sweep`: the grid, and a real sweep that is killed, goes on and has a failing point. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest';
import { isRunning } from '../../lib/base/write-file';
import { scratch } from '../../lib/course/setup/scratch';
import { type Notebook } from '../../lib/course/notebooks/notebook';
import { root } from '../../lib/course/setup/paths.mjs';
import { codeNow } from '../../lib/course/sweeps/code';
import { type Point } from '../../lib/course/sweeps/collect';
import { asCsv, numbersAsCsv } from '../../lib/course/sweeps/csv';
import { axes, axisValues, gridSize, pointAt, points } from '../../lib/course/sweeps/grid';
import { commands } from '../../lib/course/sweeps/plan';
import { descendants, startSweep, type SweepRun, writeSweepNotebook } from './sweep-run';

describe('the values of a parameter', () => {
  test.each([
    ['0.2,0.7,1.2', 1, [0.2, 0.7, 1.2]],
    ['1:9:4', 5, [1, 5, 9]],
    ['1:3', 5, [1, 2, 3]],
    ['0.1:0.5:0.1', 1, [0.1, 0.2, 0.3, 0.4, 0.5]],
    ['9:1:-4', 5, [9, 5, 1]],
    ['true,false', true, [true, false]],
    ['The agent,5', 'text', ['The agent', '5']],
    ['1:9', 'text', ['1:9']],
    ['["a, b", "c"]', 'text', ['a, b', 'c']],
    ['[[1],[2, 3]]', [1], [[1], [2, 3]]],
    ['[2, 3]', [1], [[2, 3]]],
  ])('%s of a parameter like %j', (text, usual, values) => {
    expect(axisValues(text, usual)).toEqual(values);
  });

  test.each(['9:1:4', '1:9:0'])('%s is refused', (text) => {
    expect(() => axisValues(text, 5)).toThrow('has no values');
  });
});

describe('the grid', () => {
  const all = { a: { default: 1, about: '' }, b: { default: 'x', about: '' } };
  const grid = axes({ a: '1:3', b: 'x,y' }, all);

  test('has every combination once', () => {
    expect(points(grid)).toEqual([
      { a: 1, b: 'x' },
      { a: 1, b: 'y' },
      { a: 2, b: 'x' },
      { a: 2, b: 'y' },
      { a: 3, b: 'x' },
      { a: 3, b: 'y' },
    ]);
  });

  test('is sampled by a seed, without repetitions, also where it is too large to list', () => {
    const some = points(grid, 4, 1);
    expect(some).toEqual(points(grid, 4, 1));
    expect(new Set(some.map((point) => JSON.stringify(point))).size).toBe(4);
    expect(Array.from({ length: 9 }, (_, seed) => JSON.stringify(points(grid, 2, seed))))
      .not.toEqual(Array.from({ length: 9 }, () => JSON.stringify(points(grid, 2, 0))));
    const huge = axes({ a: '1:100000', c: '1:100000' }, { ...all, c: all.a });
    expect(gridSize(huge)).toBe(1e10);
    expect(pointAt(huge, 1e10 - 1)).toEqual({ a: 100000, c: 100000 });
    expect(points(grid, 99)).toHaveLength(6);
    expect(() => points(grid, 0)).toThrow('--samples must be an integer');
  });
});

test('a plan quotes what a shell or YAML would read differently', () => {
  const [command] = commands(path.join(root, 'notebooks', 'x.ipynb'), [
    { text: "it's $HOME", rate: 1e-7, list: [1e-9, 2] },
  ], '/tmp/a b');
  const { stdout } = spawnSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' });
  const words = stdout.trim().split('\n');
  expect(words.slice(1, 7)).toEqual([
    '-m',
    'papermill',
    '--no-progress-bar',
    '--cwd',
    'notebooks',
    'notebooks/x.ipynb',
  ]);
  expect(words[7]).toMatch(/^\/tmp\/a b\/x--/);
  expect(words.at(-1)).toBe('{"text":"it\'s $HOME","rate":1.0e-7,"list":[1.0e-9,2]}');
});

describe('the CSV', () => {
  const figures = {
    plot: { data: [{ name: 'a, "b"', x: [1, 2], y: [0.5, null] }],
      layout: { xaxis: { tickvals: [1], ticktext: ['for'] } }, summary: '' },
  };
  const loss = { cell: 'train', name: 'loss', value: 0.25, unit: 'nats' };
  const points: Point[] = [
    { values: { n: 1 }, notebook: '1.ipynb', figures, numbers: [loss, { ...loss, value: 0.5 }] },
    { values: { n: 2, m: 'x' }, notebook: '2.ipynb', failure: 'cell z: Error: no', figures: {},
      numbers: [] },
    { values: { n: 3 }, notebook: '3.ipynb', failure: 'no', figures: {},
      numbers: [{ ...loss, value: 'NaN' }] },
  ];

  test('has a line for each number, and quotes as spreadsheets expect', () => {
    expect(asCsv(points)).toBe(
      'n,m,failure,cell,series,x,y\n1,,,plot,"a, ""b""",for,0.5\n1,,,plot,"a, ""b""",2,\n'
        + '1,,,train,loss,,0.25\n1,,,train,loss (2),,0.5\n2,x,cell z: Error: no,,,,\n'
        + '3,,no,train,loss,,NaN\n',
    );
  });

  test('of the recorded numbers has a line for each point, and a column for each number', () => {
    expect(numbersAsCsv(points)).toBe(
      'n,m,failure,loss (nats),loss (2) (nats)\n1,,,0.25,0.5\n'
        + '2,x,cell z: Error: no,,\n3,,no,NaN,\n',
    );
    const ofMany = [7, 8].map((n): Point => ({ values: { n }, notebook: '', figures: {},
      numbers: [{ ...loss, unit: `of ${n}` }] })
    );
    const log = { data: [{ x: [10, 1000], y: [1, 2] }], summary: '',
      layout: { xaxis: { type: 'log', tickvals: [1000], ticktext: ['1,000'] } } };
    const ofLog: Point = { values: {}, notebook: '', figures: { log }, numbers: [] };
    expect(asCsv([ofLog])).toBe('failure,cell,series,x,y\n,log,,10,1\n,log,,1000,2\n');
    expect(numbersAsCsv(ofMany)).toBe('n,failure,loss\n7,,0.25\n8,,0.25\n');
  });
});

test('a change of a cell, of lib or of data is noticed, one of a program or a text is not', () => {
  const course = scratch('sweep-code');
  const write = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(course, name)), { recursive: true });
    writeFileSync(path.join(course, name), text);
  };
  write('package-lock.json', '{}');
  write('lib/model/gpt.ts', '1');
  write('lib/course/kernel/cells.ts', '1');
  write('lib/course/sweeps/run.ts', '1');
  write('data/README.md', '1');
  const notebook = (source: string, text = ''): Notebook => ({ cells: [
    { cell_type: 'markdown', id: 'text', metadata: {}, source: text },
    { cell_type: 'code', id: 'a', metadata: {}, source, outputs: [], execution_count: null },
  ], metadata: {}, nbformat: 4, nbformat_minor: 5 });
  const first = codeNow(notebook('1'), course);
  expect(codeNow(notebook('2'), course)).toEqual({ ...first, notebook: expect.not.stringMatching(
    first.notebook,
  ) as string });
  write('lib/course/sweeps/run.ts', '2');
  write('data/README.md', '2');
  expect(codeNow(notebook('1', 'more'), course)).toEqual(first);
  for (const name of ['lib/model/gpt.ts', 'lib/course/kernel/cells.ts', 'package-lock.json']) {
    const before = codeNow(notebook('1'), course);
    write(name, '2');
    expect(codeNow(notebook('1'), course).library, name).not.toBe(before.library);
  }
  const usual = codeNow(notebook('1'), course);
  vi.stubEnv('COURSE_FMA', '1'); // it changes the last digits
  expect(codeNow(notebook('1'), course).library).not.toBe(usual.library);
  vi.unstubAllEnvs();
  rmSync(course, { recursive: true });
});

describe('a sweep', () => {
  let folder: string;
  const at = (...names: string[]): string => path.join(folder, ...names);
  const children: ChildProcess[] = [];
  beforeAll(() => {
    folder = scratch('sweep');
    writeSweepNotebook(at('in.ipynb'));
  });
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const start = (...args: string[]): SweepRun => {
    const run = startSweep(args);
    children.push(run.child);
    return run;
  };

  it('goes on after kill -9, reports a failing point, and writes page, CSV and JSON', async () => {
    const args = [at('in.ipynb'), '-p', 'n=1,2,3', '--jobs', '1', '--out', at('out')];
    const killed = start(...args);
    while (!existsSync(at('out', 'in--n=1.ipynb')) && killed.child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 100));
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(readdirSync(at('out'))).toEqual(['in--n=1.ipynb']);

    const again = start(...args);
    const [status] = await again.ended;
    expect(again.seen.output).toContain('1 of 3 points are there already');
    expect(again.seen.output).toContain(
      '{"n":2} failed: cell bad: Error: two is not allowed',
    );
    expect(status).toBe(1);
    expect(readdirSync(at('out')).sort()).toEqual([
      'in--n=1.ipynb',
      'in--n=2--failed.ipynb',
      'in--n=3.ipynb',
      'numbers.csv',
      'sweep.csv',
      'sweep.html',
      'sweep.json',
    ]);
    expect(readFileSync(at('out', 'sweep.csv'), 'utf8')).toBe(
      'n,failure,cell,series,x,y\n'
        + '1,,curve,line,0,0\n1,,curve,line,1,1\n1,,curve,line,2,2\n1,,curve,end,,2\n'
        + [['line', 0, 0], ['line', 1, 2], ['line', 2, 4], ['end', '', 4]].map((shown) =>
          `2,cell bad: Error: two is not allowed,curve,${shown.join(',')}\n`
        ).join('')
        + '3,,curve,line,0,0\n3,,curve,line,1,3\n3,,curve,line,2,6\n3,,curve,end,,6\n',
    );
    expect(readFileSync(at('out', 'numbers.csv'), 'utf8')).toBe(
      'n,failure,end\n1,,2\n2,cell bad: Error: two is not allowed,4\n3,,6\n',
    );
    const page = readFileSync(at('out', 'sweep.html'), 'utf8');
    expect(page).not.toMatch(/<(script|link|img)[^>]*\b(src|href)=/);
    const [, data] = /id="data">(.*?)<\/script>/s.exec(page) ?? [];
    const points = JSON.parse(readFileSync(at('out', 'sweep.json'), 'utf8')) as Point[];
    expect(JSON.parse(data!)).toMatchObject(points);
    expect(points[0]!.numbers).toEqual([{ cell: 'curve', name: 'end', value: 2, unit: '' }]);
  }, 240_000);

  it('reports a point whose run left no notebook', async () => {
    const broken = readFileSync(at('in.ipynb'), 'utf8').replace(
      '"outputs":[]',
      '"outputs":[],"extra":1',
    );
    writeFileSync(at('broken.ipynb'), broken);
    const { seen, ended } = start(at('broken.ipynb'), '-p', 'n=1', '--out', at('broken'));
    expect((await ended)[0]).toBe(1);
    expect(seen.output).toContain('{"n":1} failed: broken.ipynb stopped after cell');
  });

  it('runs a point again when the notebook or lib has changed, and only then', async () => {
    const args = [at('in.ipynb'), '-p', 'n=3', '--out', at('out')];
    const before = readFileSync(at('out', 'in--n=3.ipynb'), 'utf8');
    const same = start(...args);
    await same.ended;
    expect(same.seen.output).toContain('1 of 1 points are there already');
    writeFileSync(at('in.ipynb'), readFileSync(at('in.ipynb'), 'utf8').replace('A line', 'B line'));
    const changed = start(...args);
    await changed.ended;
    expect(changed.seen.output).toContain('1 point runs again: the notebook has changed since');
    expect(changed.seen.output).toContain('1 of 1: {"n":3}');
    const after = readFileSync(at('out', 'in--n=3.ipynb'), 'utf8');
    expect([before.includes('B line'), after.includes('B line')]).toEqual([false, true]);
    // as if it had been run by other files of lib
    const { library } = codeNow(JSON.parse(after) as Notebook);
    writeFileSync(at('out', 'in--n=3.ipynb'), after.replace(library, '0'.repeat(16)));
    const ofOldLibrary = start(...args);
    await ofOldLibrary.ended;
    expect(ofOldLibrary.seen.output).toContain(
      '1 point runs again: lib, data or a package has changed since',
    );
    expect(readFileSync(at('out', 'in--n=3.ipynb'), 'utf8')).toBe(after);
  }, 180_000);

  it.skipIf(process.platform === 'win32')('ends with its kernels at Ctrl-C', async () => {
    const { child, seen, ended } = start(at('in.ipynb'), '-p', 'n=5,6', '--out', at('stopped'));
    let started: number[] = [];
    while (started.length < 3 && child.exitCode === null) { // the driver and its two kernels
      await new Promise((resolve) => setTimeout(resolve, 100));
      started = descendants(child.pid!);
    }
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(130);
    expect(seen.output).toContain('Interrupted; the same command goes on from here.');
    expect(started.length).toBeGreaterThanOrEqual(3);
    await expect.poll(() => started.filter(isRunning)).toEqual([]);
    expect(readdirSync(at('stopped'))).toEqual([]);
  });

  it('refuses a wrong value before it runs anything', async () => {
    const { seen, ended } = start(at('in.ipynb'), '-p', 'n=1,100', '--out', at('none'));
    expect((await ended)[0]).toBe(1);
    expect(seen.output).toContain('in.ipynb: the parameter n must be an integer from 1 to 99');
    expect(existsSync(at('none'))).toBe(false);
  });

  it('runs as papermill commands, whose notebooks --collect reads', async () => {
    const plan = start(at('in.ipynb'), '-p', 'n=4', '--plan', '--out', at('planned'));
    expect((await plan.ended)[0]).toBe(0);
    const early = start('--collect', at('planned'));
    expect((await early.ended)[0]).toBe(1);
    expect(early.seen.output).toContain('1 of 1 planned points is not there: {"n":4}');
    const shell = spawn('sh', ['-c', plan.seen.output], { cwd: root });
    expect((await once(shell, 'close'))[0]).toBe(0);
    const { seen, ended } = start('--collect', at('planned'));
    expect((await ended)[0]).toBe(0);
    expect(seen.output).not.toContain('not there');
    expect(readFileSync(at('planned', 'sweep.csv'), 'utf8')).toBe(
      'n,failure,cell,series,x,y\n'
        + '4,,curve,line,0,0\n4,,curve,line,1,4\n4,,curve,line,2,8\n4,,curve,end,,8\n',
    );
  }, 120_000);

  it.skipIf(process.platform === 'win32')(
    'reports a papermill run that was killed or failed, and runs it again',
    async () => {
      const flag = at('wait');
      writeFileSync(flag, '');
      const waiting = readFileSync(at('in.ipynb'), 'utf8').replace(
        'if (p.n === 2)',
        `const { existsSync } = await import('node:fs');\\nwhile (existsSync('${flag}')) `
          + 'await new Promise((later) => setTimeout(later, 20));\\nif (p.n === 2)',
      );
      writeFileSync(at('waiting.ipynb'), waiting);
      const args = [at('waiting.ipynb'), '-p', 'n=2,7', '--out', at('killed')];
      const plan = start(...args, '--plan');
      await plan.ended;
      const [failing = '', killed = ''] = plan.seen.output.trim().split('\n');
      const shell = spawn('sh', ['-c', `exec ${killed}`], { cwd: root });
      children.push(shell);
      const copy = at('killed', 'waiting--n=7.ipynb');
      const seen = (): string => existsSync(copy) ? readFileSync(copy, 'utf8') : '';
      await expect.poll(seen, { interval: 100 }).toContain('"text/plain"');
      shell.kill('SIGKILL');
      await once(shell, 'close');
      rmSync(flag);
      expect((await once(spawn('sh', ['-c', failing], { cwd: root }), 'close'))[0]).toBe(1);

      const collected = start('--collect', at('killed'));
      expect((await collected.ended)[0]).toBe(1);
      expect(collected.seen.output).toContain(
        '{"n":2} failed: cell bad: Error: two is not allowed',
      );
      expect(collected.seen.output).toContain(
        '{"n":7} failed: papermill was ended before cell bad was done',
      );
      const again = start(...args);
      expect((await again.ended)[0]).toBe(1);
      expect(again.seen.output).not.toContain('there already');
      expect(again.seen.output).toContain('1 of 2 points ran');
      expect(readdirSync(at('killed')).filter((name) => name.endsWith('.ipynb')).sort()).toEqual([
        'waiting--n=2--failed.ipynb',
        'waiting--n=7.ipynb',
      ]);
    },
    240_000,
  );

  // COURSE_ROUNDS=6 for a grid of 24.
  const last = 2 + 4 * Number(process.env['COURSE_ROUNDS'] ?? 1);
  const withParallel = spawnSync('parallel', ['--version'], { encoding: 'utf8' });
  it.skipIf(!/GNU parallel/.test(withParallel.stdout))(
    'gives the same numbers when GNU parallel runs its plan',
    async () => {
      const args = [at('in.ipynb'), '-p', `n=3:${last}`, '--out'];
      const plan = start(...args, at('parallel'), '--plan');
      await plan.ended;
      const parallel = spawn('parallel', ['--jobs', '2'], { cwd: root, stdio: 'pipe' });
      children.push(parallel);
      parallel.stdin.end(plan.seen.output);
      expect((await once(parallel, 'close'))[0]).toBe(0);
      const collected = start('--collect', at('parallel'));
      await collected.ended;
      const count = last - 2;
      expect(collected.seen.output).toContain(`${count} of ${count} points ran`);
      expect((await start(...args, at('own')).ended)[0]).toBe(0);
      for (const name of ['sweep.json', 'sweep.csv', 'numbers.csv']) {
        const [theirs, ours] = ['parallel', 'own'].map((folder) =>
          readFileSync(at(folder, name), 'utf8')
        );
        expect(theirs, name).toBe(ours);
      }
    },
    400_000 * Number(process.env['COURSE_ROUNDS'] ?? 1),
  );
});
