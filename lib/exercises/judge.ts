/**
 * Marks an answer by what was observed of it. The answer itself never gets here.
 *
 * The solution and the planted mistakes of the exercise are observed on the same inputs. An answer
 * is right if its results agree with those of the solution. If it is wrong, and its results on all
 * inputs are those of a planted mistake, that mistake is named; if several fit, all of them are;
 * otherwise no cause is given, or what the exercise says of such a result for certain.
 */
import { breathe } from '../base/interrupt';
import { evaluate } from './evaluate';
import type { Case, Exercise, Scope } from './exercise';
import { pointsOf } from './exercise';
import { observe, type Outcome } from './observe';
import { equal, firstDifference, inWords, type PlainData } from './plain';

/** Points of a part of an exercise. */
export interface MarkedPart {
  readonly says: string;
  readonly points: number;
  readonly of: number;
}

/** The result of marking. */
export interface Verdict {
  readonly id: string;
  /** `open`: the answer still does what the stub does. */
  readonly state: 'open' | 'right' | 'wrong';
  readonly points: number;
  readonly of: number;
  readonly parts: readonly MarkedPart[];
  /** The mistakes that would give the same results; none if no known one does. */
  readonly causes: readonly string[];
  /** The first input on which the answer fails. */
  readonly failure?: Failure;
  /** What is true of an answer besides, such as that it changes its argument. */
  readonly remarks: readonly string[];
}

/** How an answer fails on one input. */
export interface Failure {
  readonly on: string;
  readonly ended: Outcome['ended'];
  readonly came: string;
  /** Undefined where it would give the answer away. */
  readonly wanted?: string;
}

/**
 * Judges what an answer came to on these cases, in this order. Without `causes` it does not look
 * for the mistake, which is faster; `onSlow` is called once, between two mistakes, if that
 * search has taken over half a second.
 */
export async function judge(
  exercise: Exercise,
  cases: readonly Case[],
  came: readonly Outcome[],
  { causes: wantsCauses = true, onSlow }: { causes?: boolean; onSlow?: () => void } = {},
): Promise<Verdict> {
  const scope = await exercise.scope?.() ?? {};
  const outcomes = cases.map((_, i) => came[i] ?? { ended: 'skipped' as const });
  const wanted = await observed(exercise, exercise.solution, cases, scope);
  const holds = cases.map(({ input }, i) => agree(exercise, outcomes[i]!, wanted[i]!, input));
  const parts = exercise.parts.map(({ says, points }, n) => {
    const earned = cases.every(({ part = 0 }, i) => part !== n || holds[i]);
    return { says, points: earned ? points : 0, of: points };
  });
  const remarks = outcomes.some(({ changedInput }) => changedInput === true)
    ? ['it changes an array or object that it is given; a caller may not expect that']
    : [];
  const base = { id: exercise.id, of: pointsOf(exercise), parts, remarks };
  const total = parts.reduce((sum, { points }) => sum + points, 0);
  if (holds.every(Boolean)) return { ...base, state: 'right', points: total, causes: [] };
  const first = holds.findIndex((hold) => !hold);
  const failure = failureOf(exercise, cases[first]!, outcomes[first]!, wanted[first]!);
  const stub = await observed(exercise, exercise.stub, cases, scope);
  // who sorts the argument may get the stub's result, but has tried
  const changes = (list: readonly Outcome[]): boolean =>
    list.some(({ changedInput }) => changedInput === true);
  const isOpen = changes(outcomes) === changes(stub)
    && alike(cases, outcomes, stub, (one, two) => equal(one, two));
  if (isOpen) {
    const none = parts.map((part) => ({ ...part, points: 0 }));
    return { ...base, parts: none, state: 'open', points: 0, causes: [], failure };
  }
  const causes = wantsCauses
    ? await causesOf(exercise, cases, outcomes, wanted, scope, onSlow)
    : [];
  if (causes.length === 0) causes.push(...diagnosis(exercise, cases[first]!, outcomes[first]!));
  return { ...base, state: 'wrong', points: total, causes, failure };
}

/** What sources of the exercises gave on these cases, because a learner checks many times. */
const known = new WeakMap<readonly Case[], Map<string, readonly Outcome[]>>();

/** What an own source of the exercise gives on the cases. */
async function observed(
  exercise: Exercise,
  source: string,
  cases: readonly Case[],
  scope: Scope,
): Promise<readonly Outcome[]> {
  const ofCases = known.get(cases) ?? new Map<string, readonly Outcome[]>();
  known.set(cases, ofCases);
  const before = ofCases.get(source);
  if (before) return before;
  const answer = await evaluate(source, exercise.name, scope);
  const outcomes = await observe(exercise.observer, answer, cases.map(({ input }) => input));
  ofCases.set(source, outcomes);
  return outcomes;
}

/** Whether a result is as good as the wanted one. */
function agree(exercise: Exercise, came: Outcome, wanted: Outcome, input: PlainData): boolean {
  if (wanted.ended !== 'returned')
    throw new Error(`the solution of ${exercise.id} fails on ${inWords(input)}: ${wanted.error}`);
  if (came.ended !== 'returned') return false;
  try {
    return exercise.agrees
      ? exercise.agrees(came.value, wanted.value, input)
      : equal(came.value, wanted.value);
  } catch { // `agrees` was written for a value of the right shape
    return false;
  }
}

type Same = (one: PlainData, two: PlainData, input: PlainData) => boolean;

/** Whether two answers end in the same way on all cases, at least once by returning or throwing. */
function alike(
  cases: readonly Case[],
  came: readonly Outcome[],
  known: readonly Outcome[],
  isSame: Same,
): boolean {
  const same = came.every((one, i) => {
    const two = known[i]!;
    if (one.ended !== two.ended) return false;
    if (one.ended === 'returned') return isSame(one.value, two.value, cases[i]!.input);
    return one.ended === 'threw' ? withoutNumbers(one.error) === withoutNumbers(two.error) : true;
  });
  return same && came.some(({ ended }) => ended === 'returned' || ended === 'threw');
}

/** An error's message without its numbers: what is read beyond a tensor's end is not repeatable. */
const withoutNumbers = (error = ''): string =>
  error.replace(/\b(?:undefined|NaN)\b|-?\d+(?:\.\d+)?/g, '#');

/** What is certainly wrong with the result of one case, if that can be said. */
function diagnosis({ diagnose }: Exercise, { input }: Case, { ended, value }: Outcome): string[] {
  if (!diagnose || ended !== 'returned') return [];
  try {
    return [diagnose(value, input) ?? []].flat();
  } catch { // it was written for a value of the right shape
    return [];
  }
}

/** What the mistakes say that would have ended like this. */
async function causesOf(
  exercise: Exercise,
  cases: readonly Case[],
  came: readonly Outcome[],
  wanted: readonly Outcome[],
  scope: Scope,
  onSlow?: () => void,
): Promise<string[]> {
  const resembles = exercise.resembles ?? ((one: PlainData, two: PlainData) => equal(one, two));
  const isSame: Same = (one, two, input) => {
    try {
      return resembles(one, two, input);
    } catch { // it was written for values of the right shape
      return false;
    }
  };
  const causes = new Set<string>();
  const start = performance.now();
  let isSlow = false;
  for (const { says, source } of exercise.mistakes) {
    if (!isSlow && performance.now() - start > 500) {
      isSlow = true;
      onSlow?.();
      await breathe(); // so that it is shown now
    }
    const known = await observed(exercise, source, cases, scope);
    const isWrong = cases.some(({ input }, i) => !agree(exercise, known[i]!, wanted[i]!, input));
    if (isWrong && alike(cases, came, known, isSame)) causes.add(says);
  }
  return [...causes];
}

/** Each way to fail, in words. */
function failureOf(exercise: Exercise, tried: Case, came: Outcome, wanted: Outcome): Failure {
  const { name, observer, tellsWanted = observer !== 'value' } = exercise;
  const [cameText, wantedText] = [endText(exercise, came), valueText(exercise, wanted.value)];
  // what looks right must not be refused without a word: numbers are rounded, long lists are cut
  const where = cameText === wantedText ? firstDifference(came.value, wanted.value) : undefined;
  const at = where && where.at !== '' ? `${where.at}: ` : '';
  return {
    on: tried.says ?? (observer === 'value' ? name : callText(name, tried.input)),
    ended: came.ended,
    came: where ? `${cameText} (${at}${where.one})` : cameText,
    wanted: !tellsWanted
      ? undefined
      : where
      ? `${wantedText} (${at}${where.two})`
      : wantedText,
  };
}

function callText(name: string, input: PlainData): string {
  const values = Array.isArray(input)
    ? (input as PlainData[]).map(inWords).join(', ')
    : inWords(input);
  return `${name}(${values})`;
}

function valueText({ inMessage }: Exercise, value: PlainData): string {
  try {
    return inMessage?.(value) ?? inWords(value);
  } catch { // it was written for a value of the right shape
    return inWords(value);
  }
}

function endText(exercise: Exercise, { ended, value, error }: Outcome): string {
  switch (ended) {
    case 'returned':
      return valueText(exercise, value);
    case 'threw':
      return `an error: ${error}`;
    case 'late':
      return `no result: ${error}; does its loop end?`;
    case 'huge':
      return `no result: ${error}`;
    case 'promise':
      return exercise.observer === 'value'
        ? 'a promise: an "await" is missing before it'
        : 'a promise where a value is wanted: leave out "async" and "await"';
    case 'nothing':
      return `no function: ${exercise.name} must be one`;
    case 'skipped':
      return 'nothing: it was not run, because an earlier input took all the time';
  }
}
