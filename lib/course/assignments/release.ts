/**
 * Makes the source notebook of an assignment from a notebook of the course and its exercises, in
 * nbgrader's form: `release.ts NOTEBOOK FOLDER [EXPLAINER]`.
 *
 * Source and release hold the stubs; no solution is ever in them. Answers and checks come from the
 * modules of the exercises, so that an edit of the notebook cannot change an assignment.
 */
import { mkdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Exercise, pointsOf } from '../../exercises/exercise';
import { allExercises } from '../../exercises/tasks/index';
import { withExercises } from '../notebooks/exercise-cells';
import { type Cell, findNotebooks, isCode, type Notebook, readNotebook, textOf,
  writeNotebook } from '../notebooks/notebook';
import { explainerAt } from '../site/in-site';

/** nbgrader's metadata of a cell; see its documentation, "Metadata". */
interface Grading {
  readonly schema_version: 3;
  readonly grade_id: string;
  readonly grade: boolean;
  readonly solution: boolean;
  readonly locked: boolean;
  readonly task: false;
  readonly points?: number;
}

/** The exercises of a notebook, such as `16.5`. */
const exercisesOf = (number: string): Exercise[] =>
  allExercises.filter(({ id }) => id.slice(0, id.lastIndexOf('.')) === number);

/**
 * The notebook as an assignment: outputs away, the answer and the check of each exercise marked.
 * @throws Error if a cell of an exercise is missing, or there is no exercise
 */
function asAssignment(
  notebook: Notebook,
  exercises: readonly Exercise[],
  explainer?: string,
): Notebook {
  if (exercises.length === 0) throw new Error('the notebook has no exercises to hand out');
  const marked = new Map<string, { source: string; course: object; grading: Grading }>();
  for (const exercise of exercises) {
    const { id, title, name, cell, stub } = exercise;
    const course = { exercise: id, title }; // for the pages of feedback
    marked.set(`exercise-${cell}`, { source: stub, course, grading: grading(`exercise-${cell}`) });
    marked.set(`check-${cell}`, { source: `await check('${id}', ${name});`, course,
      grading: grading(`check-${cell}`, pointsOf(exercise)) });
  }
  const cells = notebook.cells.map((cell): Cell => {
    const plain = isCode(cell)
      ? { ...cell, outputs: [], execution_count: null }
      : { ...cell, source: reachable(textOf(cell.source), explainer) };
    const mark = isCode(cell) ? marked.get(cell.id) : undefined;
    if (!mark) return plain;
    marked.delete(cell.id);
    const { grading: nbgrader, source, course } = mark;
    return { ...plain, source, metadata: { ...cell.metadata, nbgrader, course } };
  });
  const [missing] = marked.keys();
  if (missing !== undefined) throw new Error(`the notebook has no cell ${missing}`);
  return { ...notebook, cells };
}

/**
 * A text whose links to other notebooks lead to the student's copies, also from the folder beside
 * them into which nbgrader fetches an assignment on a hub; those to the explainer, to its address.
 */
const reachable = (text: string, explainer?: string): string =>
  (explainer === undefined ? text : explainerAt(text, explainer)).replace(
    /\]\((?=[\w.-]+\.ipynb[)#])/g,
    '](../my-notebooks/',
  );

/** With points: a check, which nobody may edit. Without: an answer. */
const grading = (id: string, points?: number): Grading => ({
  schema_version: 3,
  grade_id: id,
  grade: points !== undefined,
  solution: points === undefined,
  locked: points !== undefined,
  task: false,
  ...(points === undefined ? {} : { points }),
});

function main([wanted = '', target = '', explainer]: string[]): void {
  const [file = ''] = findNotebooks([wanted]);
  const number = /^[\d.]+(?=-)/.exec(basename(file))?.[0] ?? '';
  const own = exercisesOf(number);
  const notebook = withExercises(readNotebook(file), number);
  const assignment = asAssignment(notebook, own, explainer);
  const to = `${target}/${basename(file)}`;
  mkdirSync(dirname(to), { recursive: true });
  writeNotebook(to, assignment);
  for (const { id, title, parts, ...exercise } of own)
    console.log(`  ${id} (${pointsOf({ id, title, parts, ...exercise })} points) ${title}`);
  console.log(`  written to ${to}`);
}

if (require.main === module) main(process.argv.slice(2));
