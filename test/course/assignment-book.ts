/** A course whose grade book is written by hand, for tests of what comes after the grading. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { expect } from 'vitest';
import { pythonOf, root } from '../../lib/course/setup/paths.mjs';
import { ASSIGNMENT, type Course, type Draft, NOTEBOOK } from './assignment-course';

export const assignments = join(root, 'lib', 'course', 'assignments');

export const hasNbgrader = spawnSync(pythonOf(), ['-c', 'import nbgrader']).status === 0;

/** Runs Python where nbgrader's plugins of the course are found. */
export function python(source: string, cwd: string, env: NodeJS.ProcessEnv = {}): string {
  const { status, stdout, stderr } = spawnSync(pythonOf(), ['-c', source], { cwd, encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: assignments, PYTHONWARNINGS: 'ignore',
      PATH: [dirname(pythonOf()), process.env['PATH']].join(delimiter), ...env } });
  expect(status, stderr).toBe(0);
  return stdout;
}

/** A heading, and the released cells of two exercises, as release.ts marks them. */
const CELLS: Draft['cells'] = [
  { id: 'title', cell_type: 'markdown', metadata: {},
    source: '# 16.5 A title & more\n\nA text.\n\n| | |\n|---|---|\n| **Minutes** | 110 |' },
  ...[['16.5.10', 'check-late', 4] as const, ['16.5.1', 'check-first', 2] as const].map(
    ([exercise, id, points]) => ({ id, cell_type: 'code', source: '', outputs: [],
      execution_count: null, metadata: {
        course: { exercise, title: 'one' },
        nbgrader: { schema_version: 3, grade: true, solution: false, locked: true, task: false,
          grade_id: id, points, cell_type: 'code' },
      } }),
  ),
];

/** The released notebook, with a cell of the student's own. */
export const handedIn = (own: string): Draft => ({
  cells: [...CELLS, { id: 'own', cell_type: 'code', source: own, metadata: {}, outputs: [],
    execution_count: null }],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});

/** Releases assignments, with an empty grade book. */
export function release(course: Course, ...names: string[]): void {
  writeFileSync(course.path('gradebook.db'), '');
  for (const name of names) {
    const file = course.path('release', name, name === ASSIGNMENT ? NOTEBOOK : `${name}-x.ipynb`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ ...handedIn(''), cells: CELLS }));
  }
}

/**
 * Writes into the grade book that these students have 3 of 4 and 2 of 2 points; of those in
 * `complete`, for what they have handed in, and with nothing left to do.
 */
export function writeBook(course: Course, students: string[], complete: string[]): void {
  python(
    `import pathlib, shutil
from nbgrader.api import Gradebook
from grading.course import Assignment
from grading.grade import cells_of
from grading.submission import fingerprint, read_submission
students, complete = ${JSON.stringify(students)}, ${JSON.stringify(complete)}
notebook = "${NOTEBOOK.replace('.ipynb', '')}"
with Gradebook("sqlite:///gradebook.db") as book:
    book.add_assignment("16.5")
    book.add_notebook(notebook, "16.5")
    for name, points in (("check-late", 4), ("check-first", 2), ("check-gone", 3)):
        book.add_grade_cell(name, notebook, "16.5", max_score=points, cell_type="code")
    for name in students:
        book.add_student(name)
        book.add_submission("16.5", name)
        for check, points in (("check-late", 3), ("check-first", 2)):
            book.find_grade(check, notebook, "16.5", name).auto_score = points
    book.db.commit()
where = Assignment(pathlib.Path.cwd(), "16.5")
exercises = [{"points": 3, "of": 4}, {"points": 2, "of": 2}]
file, released = where.released()
release = fingerprint(cells_of(released, released))
for name in complete:
    submission = read_submission(where.folder("submitted", name), released, file)
    key = fingerprint(cells_of(submission.notebook, released), where.seed())
    where.save_verdict(name, {"key": key, "release": release, "state": "graded",
                              "exercises": exercises, "notes": []})
    where.recorded_file(name).write_text(key)
    shutil.copytree(where.folder("submitted", name), where.folder("autograded", name))
`,
    course.folder,
  );
}

/** Python that puts a kernel in place which runs nothing, and observes `outcome` of each answer. */
export const idleKernel = (outcome: string): string =>
  `from grading import grade
from grading.kernel import Run

class Kernel:
    started = 0
    ran = []
    def __init__(self, *_, **__):
        Kernel.started += 1
    def __enter__(self):
        return self
    def __exit__(self, *_):
        pass
    def execute(self, code, *, processor, clock, nonce=""):
        Kernel.ran.append(code)
        if not nonce:
            return Run("ok")
        return Run("ok", observation=OUTCOME) if OUTCOME else Run("error", "TypeScriptError")
    def processor_seconds(self):
        return grade.USUAL_START * 2
    def alive(self):
        return True
    def kill(self):
        pass
    close = kill

OUTCOME = ${JSON.stringify(outcome)}
grade.Kernel = Kernel
`;
