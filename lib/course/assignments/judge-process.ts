/**
 * The process that knows what is right: it plans which cells run in a student's kernel, and judges
 * what was observed there. It never runs a student's code, and the kernel never sees what it knows.
 *
 * It reads requests as lines of JSON from stdin and answers each with a line; grading/judge.py is
 * its client. The seed of the hidden inputs is in COURSE_HIDDEN_SEED.
 */
import { createInterface } from 'node:readline';
import type { Limits } from '../../base/kernel-symbols';
import { casesOf } from '../../exercises/check';
import { type Case, type Exercise, pointsOf } from '../../exercises/exercise';
import { judge } from '../../exercises/judge';
import { ANSWER_LIMITS, ENDS, type Outcome } from '../../exercises/observe';
import { decode, encode, type PlainData } from '../../exercises/plain';
import { allExercises, findExercise } from '../../exercises/tasks/index';
import { verdictLine } from '../../exercises/verdict-text';
import { answerOf } from './answer-cell';
import { declaredNames, neededCells, type SourceCell } from './needed-cells';

type PlanRequest = { op: 'plan'; notebook: string; cells: (SourceCell & { id: string })[] };
type ObserveRequest = { op: 'observe'; id: string; nonce: string; slowness: number };
type JudgeRequest = { op: 'judge'; id: string; observation: string; slowness: number };
type FailRequest = { op: 'fail'; id: string; reason: string; isOpen?: boolean };
type Request = PlanRequest | ObserveRequest | JudgeRequest | FailRequest;

const seed = Number(process.env['COURSE_HIDDEN_SEED']);
const cases = new Map<string, readonly Case[]>();

/** The cases of an exercise; the same object at every call, so that results can be kept by it. */
function casesFor(exercise: Exercise): readonly Case[] {
  const kept = cases.get(exercise.id) ?? casesOf(exercise, seed);
  cases.set(exercise.id, kept);
  return kept;
}

/**
 * For each exercise in the notebook: the index of its own cell, of its answer, and of the cells to
 * run before. For each cell the names that it declares.
 */
function plan({ notebook, cells }: PlanRequest): object {
  const own = allExercises.filter(({ id }) => id.slice(0, id.lastIndexOf('.')) === notebook);
  const exercises = own.flatMap((exercise) => {
    const cell = cells.findIndex(({ id, kind }) =>
      kind === 'answer' && id === `exercise-${exercise.cell}`
    );
    if (cell < 0) return [];
    const { at, ...answer } = answerOf(cells, cell, exercise);
    return [{
      id: exercise.id,
      name: exercise.name,
      check: `check-${exercise.cell}`,
      of: pointsOf(exercise),
      own: cell,
      answer: at,
      before: neededCells(cells, at),
      ...answer,
    }];
  });
  return { exercises, declared: cells.map(declaredNames) };
}

/** What an answer may use in a kernel that is so many times as slow as usual. */
const limitsAt = (slowness: number): Limits => ({
  ...ANSWER_LIMITS,
  // Node's own limits of time are integers.
  milliseconds: Math.ceil(ANSWER_LIMITS.milliseconds * slowness),
});

/** The cell that observes an answer in the student's kernel. */
function observeCell({ id, nonce, slowness }: ObserveRequest): object {
  const exercise = findExercise(id);
  const inputs = JSON.stringify(encode(casesFor(exercise).map(({ input }) => input)));
  const limits = JSON.stringify(limitsAt(slowness));
  const name = JSON.stringify(exercise.observer);
  return {
    code: `import { sendObservation } from '../lib/course/assignments/send-observation';
await sendObservation('${nonce}', ${name}, ${exercise.name}, ${inputs}, ${limits});`,
  };
}

async function verdict({ id, observation, slowness }: JudgeRequest): Promise<object> {
  const exercise = findExercise(id);
  const observed = readObservation(observation);
  if (!observed) return failed({ op: 'fail', id, reason: 'what it sent is no observation' });
  const given = await judge(exercise, casesFor(exercise), observed);
  return { points: given.points, of: given.of, state: given.state,
    line: verdictLine(exercise, given, limitsAt(slowness)) };
}

/** Untrusted: undefined unless it is a list of outcomes. */
function readObservation(text: string): Outcome[] | undefined {
  try {
    const items = decode(text);
    if (!Array.isArray(items)) return undefined;
    const whole = (items as PlainData[]).every((item) =>
      typeof item === 'object' && item !== null && 'ended' in item
      && ENDS.some((end) => end === item.ended)
    );
    return whole ? items as Outcome[] : undefined;
  } catch { // it is no JSON, or nests too deeply
    return undefined;
  }
}

function failed({ id, reason, isOpen }: FailRequest): object {
  const of = pointsOf(findExercise(id));
  const state = isOpen ? 'open' : 'wrong';
  return { points: 0, of, state, line: `0 of ${of} points: ${reason}` };
}

async function answer(request: Request): Promise<object> {
  switch (request.op) {
    case 'plan':
      return plan(request);
    case 'observe':
      return observeCell(request);
    case 'judge':
      return await verdict(request);
    case 'fail':
      return failed(request);
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

async function serve(): Promise<void> {
  if (!Number.isInteger(seed)) throw new Error('COURSE_HIDDEN_SEED must be an integer');
  for await (const line of createInterface({ input: process.stdin })) {
    const reply = await answer(JSON.parse(line) as Request)
      .catch((error: unknown) => ({ error: messageOf(error) }));
    process.stdout.write(`${JSON.stringify(reply)}\n`);
  }
}

// stdout carries the answers only; what a module prints goes to stderr.
console.log = console.info = console.error;
void serve();
