/** A small notebook for sweeps, and `npm run sweep` with the processes that it starts. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { KERNEL_NAME, KERNEL_TITLE } from '../../lib/course/setup/jupyter-kernel.mjs';
import { root } from '../../lib/course/setup/paths.mjs';

/** One folder below the repository's subfolder: a figure and a number by `n`; at 2 a cell fails. */
export function writeSweepNotebook(file: string): void {
  const sources: [string, string, string[]][] = [
    [
      'parameters',
      "import { params } from '../../lib/base/params';\nimport { lines, record, show } from "
      + "'../../lib/plots/index';\nconst p = params({\n  n: { default: 1, range: [1, 99], "
      + "about: 'The slope.' },\n});",
      ['parameters'],
    ],
    [
      'curve',
      "show(lines([{ name: 'line', y: [0, p.n, 2 * p.n] }], "
      + "{ title: 'A line', xTitle: 'x', yTitle: 'y' }));\nrecord('end', 2 * p.n);",
      [],
    ],
    ['bad', "if (p.n === 2) throw new Error('two is not allowed');", []],
  ];
  const cells = sources.map(([id, source, tags]) => ({ cell_type: 'code', id, metadata: { tags },
    source, outputs: [], execution_count: null })
  );
  const kernelspec = { name: KERNEL_NAME, display_name: KERNEL_TITLE, language: 'typescript' };
  writeFileSync(
    file,
    JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }),
  );
}

/** A command that runs, and what it has printed so far. */
export interface SweepRun {
  readonly child: ChildProcessWithoutNullStreams;
  readonly seen: { output: string };
  readonly ended: Promise<[number | null]>;
}

/** Starts `npm run sweep`; `detached` gives it a process group of its own. */
export function startSweep(args: readonly string[], { detached = false } = {}): SweepRun {
  const program = ['--import', 'tsx', 'lib/course/sweeps/main.ts', ...args];
  const child = spawn(process.execPath, program, { cwd: root, detached });
  const seen = { output: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => seen.output += text);
  return { child, seen, ended: once(child, 'close') as Promise<[number | null]> };
}

/** The processes that `pid` has started, and that those have started; not on Windows. */
export function descendants(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' });
  const all = stdout.trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const own = [pid];
  for (const parent of own)
    own.push(...all.filter(([, ppid]) => ppid === parent).map(([child]) => child!));
  return own.slice(1);
}
