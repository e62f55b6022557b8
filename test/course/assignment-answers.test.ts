/**
 * What the grader says of an answer that is not there, or that does not end: with the real judge,
 * and a kernel that runs nothing.
 */
import { expect, it } from 'vitest';
import { rowsComputed } from './assignment-course';
import { hasNbgrader, idleKernel, python } from './assignment-book';

const { solution, stub } = rowsComputed;

/** Cells of a submission: the answer, and those of the student's own. */
const cells = (answer: string, ...own: string[]): object[] => [
  { id: 'exercise-rows-computed', source: answer, kind: 'answer' },
  ...own.map((source, i) => ({ id: `own-${i}`, source, kind: 'own' })),
];

const SUBMISSIONS: readonly (readonly [says: string, cells: object[]])[] = [
  ['not attempted', cells(stub)],
  ['not attempted', cells('')],
  ['not attempted', cells('// later\n/* or\nnever */\n')],
  ['its cell declares no rowsComputed', cells(solution.replace('rowsComputed', 'rows'))],
  ['its cell declares no rowsComputed', cells('type rowsComputed = number;')],
  ['its cell declares no rowsComputed', cells("'my answer';", 'const rows = 1;')],
];

/** Grades 16.5.1 of each; a line for each with its verdict, the cells that ran, and the kernels. */
function graded(submissions: object[][], outcome = ''): string[] {
  return python(
    `import json, pathlib
${idleKernel(outcome)}
with grade.Grader(1, pathlib.Path(), isolated=False) as grader:
    for cells in json.loads(${JSON.stringify(JSON.stringify(submissions))}):
        Kernel.started, Kernel.ran = 0, []
        (verdict,) = grader.grade("16.5", cells)
        ran = [at for at, cell in enumerate(cells) if cell["source"] in Kernel.ran]
        print(verdict["line"].split(" points: ")[1], ran, Kernel.started)
`,
    process.cwd(),
  ).trim().split('\n');
}

it.skipIf(!hasNbgrader)('an answer that is not there is said to be missing, and tried once', () => {
  const lines = graded(SUBMISSIONS.map(([, submission]) => submission));
  expect(lines.map((line) => line.replace(/ \[[\d, ]*\] \d+$/, '')))
    .toEqual(SUBMISSIONS.map(([says]) => says));
  const kernels = lines.map((line) => Number(/\d+$/.exec(line)![0]));
  expect(kernels).toEqual([0, 0, 0, 1, 1, 1]);
}, 120_000);

it.skipIf(!hasNbgrader)('an answer in a cell of its own counts where the exercise has none', () => {
  const own = solution.replace('{\n', '{\n  // mine\n');
  const outcome = JSON.stringify([]); // none came: all inputs count as not run
  const ran = graded(
    [cells('', own), cells(stub, 'const a = 1;', own), cells(solution, own)],
    outcome,
  ).map((line) => /\[[\d, ]*\]/.exec(line)![0]);
  expect(ran).toEqual(['[1]', '[2]', '[0]']);
}, 120_000);

it.skipIf(!hasNbgrader)(
  'an endless answer is told its time, which a slow machine has more of',
  () => {
    const late = JSON.stringify([{ ended: 'late', error: 'anything that an answer may say' }]);
    expect(graded([cells('function rowsComputed() { for (;;); }')], late)[0])
      .toMatch(/^not yet: it does not end within 10 s \[/);
    const huge = JSON.stringify([{ ended: 'huge', error: 'x' }]);
    expect(graded([cells(solution)], huge)[0])
      .toMatch(/^not yet: it takes more than 1 GB of memory, or its result is too large \[/);
  },
  120_000,
);
