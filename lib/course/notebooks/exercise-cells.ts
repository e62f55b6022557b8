/** The cells of a notebook's exercises, made from their modules in lib/exercises. */
import type { Exercise } from '../../exercises/exercise';
import { allExercises } from '../../exercises/tasks/index';
import { layOutCell } from '../style/layout';
import { type Cell, isCode, type Notebook, textOf } from './notebook';

/** Ids of the first cell of the exercises, and of the cells that end them. */
const FIRST = 'exercises';
const AFTER = ['checklist', 'exercise-sentence'];

const text = (id: string, source: string): Cell => ({ cell_type: 'markdown', id, metadata: {},
  source });

/** A code cell; one that is there already with this source keeps its outputs. */
function code(id: string, written: string, old: readonly Cell[]): Cell {
  const source = layOutCell(written);
  const same = old.find((cell) => cell.id === id && textOf(cell.source) === source);
  return same && isCode(same)
    ? same
    : { cell_type: 'code', id, metadata: {}, source, outputs: [], execution_count: null };
}

/** The first lines of an exercise's text. */
const headline = ({ id, title, minutes, difficulty }: Exercise): string =>
  `**${id} ${title}** (${minutes} minutes, ${difficulty}).`;

/** The call in an exercise's last cell. */
const checkSource = ({ id, name }: Exercise): string => `await check('${id}', ${name});`;

function cellsOf(exercise: Exercise, old: readonly Cell[]): Cell[] {
  const { cell, statement, stub, look = [] } = exercise;
  return [
    text(`about-${cell}`, `${headline(exercise)} ${statement}`),
    code(`exercise-${cell}`, stub, old),
    ...look.map((each) => each.text ? text(each.id, each.source) : code(each.id, each.source, old)),
    code(`check-${cell}`, checkSource(exercise), old),
  ];
}

/** The notebook with the cells of its exercises as the modules say; `number` is such as `16.5`. */
export function withExercises(notebook: Notebook, number: string): Notebook {
  const { cells } = notebook;
  const exercises = allExercises.filter(({ id }) => id.startsWith(`${number}.`));
  const first = cells.findIndex(({ id }) => id === FIRST);
  const after = cells.findIndex(({ id }, i) => i > first && AFTER.includes(id));
  const [example] = exercises;
  if (first < 0 || after < 0 || !example) return notebook;
  const intro = '## Exercises\n\nWrite your answer into the cell below each text and run it; the '
    + `cell after it checks it. \`await hint('${example.id}')\` gives a hint, `
    + `\`await solution('${example.id}')\` solutions, \`await progress()\` what you have solved.`;
  const made = [
    text(FIRST, intro),
    code(
      'exercise-tools',
      "import { check, hint, progress, solution } from '../lib/index';",
      cells,
    ),
    ...exercises.flatMap((exercise) => cellsOf(exercise, cells)),
  ];
  return { ...notebook, cells: [...cells.slice(0, first), ...made, ...cells.slice(after)] };
}
