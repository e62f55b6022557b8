/** A verdict in words, for a notebook and for a grader. */
import type { Exercise } from './exercise';
import type { Verdict } from './judge';
import type { Outcome } from './observe';

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
  const earned = verdict.parts.filter(({ points }) => points > 0).map(({ says }) => says);
  if (earned.length > 0) lines.push(`  right so far: ${earned.join(', ')}`);
  return [...lines, `  await hint('${id}') gives a hint`].join('\n');
}

/** Cause and points on one line, without any input: for feedback on hidden inputs. */
export function verdictLine(exercise: Exercise, verdict: Verdict): string {
  const points = `${verdict.points} of ${verdict.of} points`;
  if (verdict.state === 'right') return `${points}: right: ${exercise.right}`;
  if (verdict.state === 'open') return `${points}: not attempted`;
  return `${points}: not yet: ${causeText(verdict)}`;
}

function causeText({ causes, failure }: Verdict): string {
  const [cause] = causes;
  if (cause === undefined) return WITHOUT_CAUSE[failure?.ended ?? 'returned'];
  if (causes.length === 1) return cause;
  return `its results fit ${causes.length} mistakes: ${causes.join('; or ')}`;
}

/** What is said of a wrong answer whose mistake is not known. */
const WITHOUT_CAUSE: Readonly<Record<Outcome['ended'], string>> = {
  returned: 'the result is wrong',
  threw: 'it throws an error',
  late: 'it gives no result',
  huge: 'it gives no result',
  promise: 'it gives a promise',
  nothing: 'it is no function',
  skipped: 'it gives no result',
};
