/** A course's folder with an assignment, submissions, and nbgrader's scores of them. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync,
  rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { jupyterEnvironment, root } from '../../lib/course/setup/paths.mjs';
import { findExercise } from '../../lib/exercises/tasks/index';
import { finished, type Outcome } from './scratch';

/** A notebook file, as far as the tests change it. */
export interface Draft {
  cells: {
    id: string;
    cell_type: string;
    source: string;
    metadata: Record<string, unknown>;
    outputs?: unknown[];
    execution_count?: null;
  }[];
  metadata: Record<string, unknown>;
  nbformat: number;
  nbformat_minor: number;
}

/** By the end of the cell's id, such as `batch-of`. */
export type Answers = Readonly<Record<string, string>>;

export const ASSIGNMENT = '16.5';
export const NOTEBOOK = '16.5-padding-and-batches.ipynb';
export const rowsComputed = findExercise('16.5.1');
export const batchOf = findExercise('16.5.2');
export const batchesOf = findExercise('16.5.3');

/** Right answers to three of the exercises: 9 points. */
export const RIGHT: Answers = {
  'rows-computed': rowsComputed.solution,
  'batch-of': batchOf.solution,
  'batches': batchesOf.solution,
};

export class Course {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'class-')));

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** Runs a step of `npm run assignment`. */
  async run(step: string, ...args: string[]): Promise<Outcome> {
    const program = join(root, 'lib', 'course', 'setup', 'run.cjs');
    const what = step === 'export' ? [] : [ASSIGNMENT];
    return finished(
      spawn(process.execPath, [
        program,
        '../assignments/main',
        step,
        ...what,
        '--course',
        this.folder,
        ...args,
      ], { cwd: root, env: { ...jupyterEnvironment(), VITEST: undefined } }),
    );
  }

  released(): Draft {
    const text = readFileSync(this.path('release', ASSIGNMENT, NOTEBOOK), 'utf8');
    const notebook = JSON.parse(text) as Draft;
    for (const cell of notebook.cells) cell.source = [cell.source].flat().join('');
    return notebook;
  }

  /** The released notebook with these answers. */
  answered(answers: Answers): Draft {
    const draft = this.released();
    for (const cell of draft.cells)
      cell.source = answers[cell.id.slice(9)] !== undefined
          && cell.id.startsWith('exercise-')
        ? answers[cell.id.slice(9)]!
        : cell.source;
    return draft;
  }

  /** Hands in a file. */
  submit(student: string, content: Draft | string, file = NOTEBOOK): void {
    const path = this.path('submitted', student, ASSIGNMENT, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  }

  /** The scores in nbgrader's database, as exported: a number, or '' where there is none. */
  async scores(): Promise<Record<string, number | ''>> {
    const file = this.path('scores.csv');
    const { code, output } = await this.run('export', '--to', file);
    if (code !== 0) throw new Error(output);
    const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
    const names = head.split(',');
    return Object.fromEntries(lines.map((line) => {
      const fields = line.split(',');
      const score = fields[names.indexOf('score')]!;
      return [fields[names.indexOf('student_id')]!, score === '' ? '' : Number(score)];
    }));
  }

  /** All text below a folder of the course. */
  textIn(...parts: string[]): string {
    const folder = this.path(...parts);
    if (!existsSync(folder)) return '';
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')).join('\n');
  }

  copyTo(folder: string): void {
    cpSync(this.folder, folder, { recursive: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Damage of a file, as it happens; none of it changes what the answers deserve. */
export const DAMAGES: Readonly<Record<string, (course: Course, student: string) => void>> = {
  'a deleted check': (course, student) => {
    const draft = course.answered(RIGHT);
    draft.cells = draft.cells.filter(({ id }) => id !== 'check-batch-of');
    course.submit(student, draft);
  },
  'a duplicated answer': (course, student) => {
    const draft = course.answered(RIGHT);
    const at = draft.cells.findIndex(({ id }) => id === 'exercise-batch-of');
    draft.cells.splice(at, 0, { ...draft.cells[at]!, source: batchOf.stub });
    course.submit(student, draft);
  },
  'a duplicated check': (course, student) => {
    const draft = course.answered(RIGHT);
    const at = draft.cells.findIndex(({ id }) => id === 'check-batch-of');
    draft.cells.splice(at, 0, draft.cells[at]!);
    course.submit(student, draft);
  },
  'a debugging line on stderr': (course, student) => {
    const answer = `console.error('here');\n${rowsComputed.solution}`;
    course.submit(student, course.answered({ ...RIGHT, 'rows-computed': answer }));
  },
  'a renamed file': (course, student) => {
    course.submit(student, course.answered(RIGHT), 'my answers (1).ipynb');
  },
  'a foreign kernel': (course, student) => {
    const draft = course.answered(RIGHT);
    draft.metadata = {
      kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' },
    };
    course.submit(student, draft);
  },
  'an edited check': (course, student) => {
    const draft = course.answered(RIGHT);
    for (const cell of draft.cells) if (cell.id.startsWith('check-')) cell.source = '9;';
    course.submit(student, draft);
  },
  'lost metadata': (course, student) => {
    const draft = course.answered(RIGHT);
    for (const cell of draft.cells) cell.metadata = {};
    course.submit(student, draft);
  },
  'a broken cell that no answer needs': (course, student) => {
    const draft = course.answered(RIGHT);
    const at = draft.cells.findIndex(({ cell_type: type }) => type === 'code');
    for (const cell of draft.cells.slice(at + 1))
      if (cell.cell_type === 'code' && !/^(exercise|check)-/.test(cell.id))
        cell.source = 'throw new Error("mine");';
    course.submit(student, draft);
  },
  '50 MB of outputs': (course, student) => {
    const draft = course.answered(RIGHT);
    const text = 'x'.repeat(50_000_000);
    draft.cells.find(({ cell_type: type }) => type === 'code')!.outputs = [
      { output_type: 'stream', name: 'stdout', text },
    ];
    course.submit(student, draft);
  },
  'a cell of its own that an answer uses': (course, student) => {
    const draft = course.answered({
      ...RIGHT,
      'rows-computed': rowsComputed.solution.replace('Math.max', 'greatest'),
    });
    const at = draft.cells.findIndex(({ id }) => id === 'exercise-rows-computed');
    draft.cells.splice(at, 0, { id: 'mine', cell_type: 'code', metadata: {}, outputs: [],
      execution_count: null, source: 'const greatest = Math.max;' });
    course.submit(student, draft);
  },
};
