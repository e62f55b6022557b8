/** A verdict in words, for a notebook and for a grader. */
import type { Limits } from '../base/kernel-symbols';
import type { Exercise } from './exercise';
import type { Verdict } from './judge';
import { ANSWER_LIMITS, type Outcome } from './observe';

/** What a check prints under its cell. */
export function verdictText(exercise: Exercise, verdict: Verdict): string {
  const { id, name, right, explore } = exercise;
  const remarks = verdict.remarks.map((remark) => `note: ${remark}`);
  if (verdict.state === 'right')
    return [`right: ${right}`, ...remarks, `next: ${explore}`].join('\n');
  if (verdict.state === 'open')
    return `not attempted: ${name} still gives what the stub gives; await hint('${id}') helps to `
      + 'begin';
  const { failure } = verdict;
  const lines = [`not yet: ${causeText(verdict)}`];
  if (failure) {
    lines.push(`  on      ${failure.on}`, `  got     ${failure.came}`);
    if (failure.wanted !== undefined) lines.push(`  wanted  ${failure.wanted}`);
  }
  lines.push(...remarks.map((remark) => `  ${remark}`));
  const earned = verdict.parts.filter(({ points }) => points > 0).map(({ says }) => says);
  if (earned.length > 0) lines.push(`  right so far: ${earned.join(', ')}`);
  return [...lines, `  await hint('${id}') gives a hint`].join('\n');
}

/**
 * Cause and points on one line, without any input: for feedback on hidden inputs. `limits` are
 * those under which the answer was observed.
 */
export function verdictLine(
  exercise: Exercise,
  verdict: Verdict,
  limits = ANSWER_LIMITS,
): string {
  const points = `${verdict.points} of ${verdict.of} points`;
  if (verdict.state === 'right') return `${points}: right: ${exercise.right}`;
  if (verdict.state === 'open') return `${points}: not attempted`;
  return `${points}: not yet: ${causeText(verdict, limits)}`;
}

function causeText({ causes, failure }: Verdict, limits = ANSWER_LIMITS): string {
  const [cause] = causes;
  if (cause === undefined) return withoutCause(failure?.ended ?? 'returned', limits);
  if (causes.length === 1) return cause;
  return `its results fit ${causes.length} mistakes: ${causes.join('; or ')}`;
}

/** What is said of a wrong answer whose mistake is not known. */
function withoutCause(ended: Outcome['ended'], { milliseconds, bytes }: Limits): string {
  switch (ended) {
    case 'returned':
      return 'the result is wrong';
    case 'threw':
      return 'it throws an error';
    case 'late':
      return `it does not end within ${Number((milliseconds / 1000).toFixed(1))} s`;
    case 'huge':
      return `it takes more than ${bytes / 2 ** 30} GB of memory, or its result is too large`;
    case 'promise':
      return 'it gives a promise';
    case 'nothing':
      return 'it is no function';
    case 'skipped': // an earlier input, which took all the time, is what failed first
      return 'it gives no result';
  }
}
