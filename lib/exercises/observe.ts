/**
 * Runs an answer on inputs and writes down what happens, as plain data.
 *
 * This is all that runs beside an answer. It knows no solution and no expected value, so that it
 * can run in a student's kernel; judge.ts gets only what it returns.
 */
import { ANSWERS_SYMBOL, type AnswerService, LimitReached,
  type Limits } from '../base/kernel-symbols';
import { NotAFunction, PromiseReturned } from './failures';
import { type ObserverName, observers } from './observers/index';
import { runPlainly } from './plain-runner';
import { type PlainData, toPlain } from './plain';

/** How a call of an answer can end; {@link Outcome} says what each means. */
export const ENDS = ['returned', 'threw', 'late', 'huge', 'promise', 'nothing', 'skipped'] as const;

/** What one call of an answer came to. */
export interface Outcome {
  /**
   * `returned`: `value` holds what the observer measured, the result for most. `threw`: `error` is
   * the message. `late`, `huge`: it used up its time or memory; `error` says how much. `promise`:
   * it returned a promise where a value was wanted. `nothing`: it is not a function where one was
   * wanted. `skipped`: not run, because earlier inputs took all the time.
   */
  readonly ended: (typeof ENDS)[number];
  readonly value?: PlainData;
  readonly error?: string;
  /** Whether the answer changed an array or an object that it was given. */
  readonly changedInput?: boolean;
}

/** For one input. The kernel needs about 10 ms for most, 1 s for those that run the model often. */
export const ANSWER_LIMITS: Limits = { milliseconds: 5_000, bytes: 2 ** 30 };

/** After this many inputs that used up their time the rest is skipped. */
const MOST_LATE = 1;

/**
 * Runs `answer` on each input: one outcome for each, in order. They are all that a judge gets to
 * see of an answer. Never throws, except if the reader interrupts the cell.
 */
export async function observe(
  name: ObserverName,
  answer: unknown,
  inputs: readonly PlainData[],
  limits = ANSWER_LIMITS,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const input of inputs) {
    const isLate = outcomes.filter(({ ended }) => ended === 'late' || ended === 'huge').length;
    outcomes.push(
      isLate >= MOST_LATE ? { ended: 'skipped' } : await outcomeOf(name, answer, input, limits),
    );
  }
  return outcomes;
}

async function outcomeOf(
  name: ObserverName,
  answer: unknown,
  input: PlainData,
  limits: Limits,
): Promise<Outcome> {
  const notes = { changedInput: false };
  try {
    const service = Reflect.get(process, ANSWERS_SYMBOL) as AnswerService | undefined;
    const work = (): unknown => observers[name](answer, structuredClone(input), notes);
    const value = await (service ? service.run(limits, work) : runPlainly(limits, work));
    return { ended: 'returned', value: toPlain(value), ...notes };
  } catch (reason) {
    if (reason instanceof LimitReached)
      return { ended: reason.limit === 'bytes' ? 'huge' : 'late', error: reason.message };
    if (reason instanceof PromiseReturned) return { ended: 'promise' };
    if (reason instanceof NotAFunction) return { ended: 'nothing' };
    if ((reason as Error | null)?.name === 'Interrupted') throw reason;
    return { ended: 'threw', error: messageOf(reason), ...notes };
  }
}

function messageOf(reason: unknown): string {
  try {
    return reason instanceof Error
      ? `${reason.name}: ${reason.message}`.slice(0, 500)
      : String(reason).slice(0, 500);
  } catch { // a value whose own text throws
    return 'a value that cannot be shown';
  }
}
