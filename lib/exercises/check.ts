/** What a learner calls: check, hint, solution and progress. */
import { check as checkThat, checkBoolean, checkEach } from '../base/checks';
import { ANSWERS_SYMBOL, type AnswerService } from '../base/kernel-symbols';
import { Random } from '../base/random';
import { replacedBuiltins } from './builtins';
import type { Case, Exercise } from './exercise';
import { observe } from './observe';
import { predictionCounts, predictionsInWords } from './predict';
import { type Attempts, readProgress, writeProgress } from './progress';

/** Seed of the inputs that a check adds to the shown ones. */
const SEED = 16;

/** Loaded at the first call, because a student's sandbox does not have the exercises. */
async function loadTasks(): Promise<typeof import('./tasks/index')> {
  try {
    return await import('./tasks/index');
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code !== 'MODULE_NOT_FOUND') throw error;
    throw new Error('the exercises cannot be checked here: lib/exercises/tasks is not there');
  }
}

async function find(id: unknown): Promise<Exercise> {
  checkThat(typeof id === 'string', 'the exercise', "a text such as '16.5.2'", id);
  return (await loadTasks()).findExercise(id as string);
}

/** The shown cases and the hidden ones of a seed; in a notebook the seed is fixed. */
export const casesOf = ({ shown, hidden }: Exercise, seed = SEED): readonly Case[] => [
  ...shown,
  ...hidden?.(new Random(seed)) ?? [],
];

const ownCases = new Map<string, readonly Case[]>();

/**
 * Checks an answer and prints the result: right and what was tested, the likely mistake with the
 * smallest input on which it shows, or that the stub has not been changed. The answer may be
 * anything; it may use 5 s and 1 GB for each input.
 * @throws RangeError if there is no exercise with this id
 */
export async function check(id: string, answer: unknown): Promise<void> {
  const exercise = await find(id);
  const service = Reflect.get(process, ANSWERS_SYMBOL) as AnswerService | undefined;
  if (service?.isStale(exercise.name) === true) {
    console.log(
      `not yet: the last cell that declares ${exercise.name} failed, so the kernel still has the `
        + 'value from before: correct that cell and run it first',
    );
    return;
  }
  const { judge } = await import('./judge');
  const { verdictText } = await import('./verdict-text');
  const cases = ownCases.get(id) ?? casesOf(exercise);
  ownCases.set(id, cases);
  const outcomes = await observe(exercise.observer, answer, cases.map(({ input }) => input));
  const replaced = replacedBuiltins();
  if (replaced.length > 0) {
    console.log(
      `not checked: ${replaced.slice(0, 3).join(', ')} of JavaScript was replaced, and the check `
        + 'needs it: restart the kernel, and run the cells without that',
    );
    return;
  }
  const verdict = await judge(exercise, cases, outcomes, {
    onSlow: () => console.log('not yet right; comparing with the known mistakes, some seconds ...'),
  });
  console.log(verdictText(exercise, verdict));
  if (verdict.state === 'open') return;
  const before = record(id);
  note(id, { attempts: before.attempts + 1, solved: before.solved || verdict.state === 'right' });
}

/**
 * Prints the next hint to an exercise, each stronger than the one before; with `number`, that one.
 * @throws RangeError if there is no exercise with this id, or no hint with this number from 1
 */
export async function hint(id: string, number?: number): Promise<void> {
  const { hints } = await find(id);
  const next = number ?? Math.min(record(id).hints + 1, hints.length);
  checkThat(
    Number.isInteger(next) && next >= 1 && next <= hints.length,
    'the number of the hint',
    `an integer from 1 to ${hints.length}`,
    next,
  );
  note(id, { hints: Math.max(next, record(id).hints) });
  console.log(`hint ${next} of ${hints.length}: ${hints[next - 1]}`);
}

/**
 * Prints solutions to an exercise, of different kinds, after at least one attempt; with `{ anyway:
 * true }` also before.
 * @throws RangeError if there is no exercise with this id
 */
export async function solution(id: string, options: { anyway?: boolean } = {}): Promise<void> {
  checkEach('option of solution', options, { anyway: checkBoolean });
  const { anyway = false } = options;
  const exercise = await find(id);
  if (record(id).attempts === 0 && !anyway) {
    console.log(
      `try it first: await check('${id}', ${exercise.name}) counts as an attempt; `
        + `await hint('${id}') helps; await solution('${id}', { anyway: true }) prints it at once`,
    );
    return;
  }
  console.log(exercise.solution);
  for (const { says, source } of exercise.others) console.log(`\n// ${says}\n${source}`);
}

/**
 * Prints which exercises are solved, how many predictions matched, and where the file that
 * remembers it is.
 */
export async function progress(): Promise<void> {
  const { allExercises } = await loadTasks();
  const { file, records } = readProgress();
  const lines = allExercises.map(({ id, title }) => {
    const { attempts, solved, hints } = records[id] ?? NONE;
    const state = solved ? 'solved' : attempts > 0 ? 'begun' : '-';
    const help = hints > 0 ? `, ${hints} hint${hints > 1 ? 's' : ''}` : '';
    return `${id}  ${state.padEnd(7)} ${title}${
      attempts > 0 ? ` (${attempts} check${attempts > 1 ? 's' : ''}${help})` : ''
    }`;
  });
  const solved = allExercises.filter(({ id }) => records[id]?.solved).length;
  console.log(`${solved} of ${allExercises.length} solved\n${lines.join('\n')}`);
  const predictions = predictionsInWords(predictionCounts());
  if (predictions) console.log(predictions);
  console.log(`kept in ${file}, which you may delete`);
}

const NONE: Attempts = { attempts: 0, solved: false, hints: 0 };

const record = (id: string): Attempts => readProgress().records[id] ?? NONE;

function note(id: string, change: Partial<Attempts>): void {
  const { records } = readProgress();
  writeProgress({ ...records, [id]: { ...record(id), ...change } });
}
