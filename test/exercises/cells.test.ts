/** The exercises in their notebooks: the cells are the modules', and every solution fits there. */
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withExercises } from '../../lib/course/notebooks/exercise-cells';
import { findNotebooks, isCode, type Notebook, readNotebook,
  textOf } from '../../lib/course/notebooks/notebook';
import { CellModule, cellProgram, cellTypeErrors } from '../../lib/course/style/cells/module';
import { allExercises } from '../../lib/exercises/tasks/index';

const numberOf = (path: string): string => basename(path).split('-')[0]!;
const notebooks = findNotebooks().map((path) => ({ path, notebook: readNotebook(path) }));

/** The notebook with the n-th right answer in place of each stub, or the last one there is. */
function answered(number: string, { cells, ...rest }: Notebook, n: number): Notebook {
  const answers = new Map(
    allExercises.filter(({ id }) => id.startsWith(`${number}.`)).map((exercise) => {
      const sources = [exercise.solution, ...exercise.others.map(({ source }) => source)];
      return [`exercise-${exercise.cell}`, sources[Math.min(n, sources.length - 1)]!];
    }),
  );
  return { ...rest,
    cells: cells.map((cell) =>
      isCode(cell) ? { ...cell, source: answers.get(cell.id) ?? cell.source } : cell
    ) };
}

describe('the cells of the exercises', () => {
  it.each(notebooks.map(({ path, notebook }) => [numberOf(path), notebook] as const))(
    'in %s are as the modules say',
    (number, notebook) => {
      const texts = (one: Notebook): string[] =>
        one.cells.map(({ id, source }) => `${id}\n${textOf(source)}`);
      expect(texts(notebook)).toEqual(texts(withExercises(notebook, number)));
    },
  );

  it('are there for every exercise', () => {
    const ids = notebooks.flatMap(({ path, notebook }) =>
      notebook.cells.map(({ id }) => `${numberOf(path)} ${id}`)
    );
    const wanted = allExercises.flatMap(({ id, cell }) =>
      ['exercise', 'check'].map((kind) => `${id.slice(0, 4)} ${kind}-${cell}`)
    );
    expect(wanted.filter((id) => !ids.includes(id))).toEqual([]);
  });
});

describe('the right answers', () => {
  it('have no type error in their notebooks', () => {
    const modules = [0, 1, 2].flatMap((n) =>
      notebooks.map(({ path, notebook }) =>
        new CellModule(`answer ${n} of ${basename(path)}`, answered(numberOf(path), notebook, n))
      )
    );
    const program = cellProgram(modules);
    expect(modules.flatMap((module) => cellTypeErrors(module, program))).toEqual([]);
  }, 120_000);
});
