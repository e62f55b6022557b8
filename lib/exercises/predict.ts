/** Answers that a reader commits before looking, held against what came, and their file. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { check } from '../base/checks';
import { wantsNothingKept } from '../base/environment';
import { PREDICTIONS_FILE } from '../base/paths';
import { writeWholeSync } from '../base/write-file';
import { NUMBER_QUESTIONS } from './number-questions';

/** What was said before looking, and what came, once it has. */
interface Prediction {
  readonly said: string;
  readonly came?: string;
}

/** By the question, such as `16.1 passes`; the latest prediction last. */
type Predictions = Readonly<Record<string, readonly Prediction[]>>;

/** The answers of this kernel, so that a cell prints the same whatever the file holds. */
const committed = new Map<string, string>();

/** More than these for one question are not kept. */
const MOST_KEPT = 20;

/**
 * Commits an answer to a question before its result is seen: `predict('16.1 passes', 7)`. It is
 * kept in my-notebooks/predictions.json, which may be deleted. An empty answer commits nothing and
 * changes nothing, so that all cells can be run at once. Where a notebook asks for a number, a text
 * without one is not kept, and the cell says so.
 * @throws RangeError if the question is not a text that begins with a notebook's number, or the
 *   answer is neither a number nor a text of at most 200 characters
 */
export function predict(question: string, answer: string | number): void {
  checkQuestion(question);
  const isAnswer = typeof answer === 'number' || typeof answer === 'string' && answer.length <= 200;
  check(isAnswer, 'the prediction', 'a number, or a text of at most 200 characters', answer);
  const said = String(answer).trim();
  if (said === '') {
    committed.delete(question);
    console.log('nothing predicted: put your answer between the quotes, and run this cell first');
    return;
  }
  if (NUMBER_QUESTIONS.has(question) && numberIn(said) === undefined) {
    committed.delete(question);
    console.log(`not kept: a number is asked for here, such as predict('${question}', 12)`);
    return;
  }
  committed.set(question, said);
  const earlier = readPredictions()[question] ?? [];
  const last = earlier.at(-1);
  const isAgain = last?.came !== undefined && last.said === said;
  if (!isAgain)
    keep(question, [...(last && !('came' in last) ? earlier.slice(0, -1) : earlier), { said }]);
  const before = last?.came !== undefined && !isAgain
    ? ` (before, you predicted ${last.said}, and ${last.came} came)`
    : '';
  console.log(`predicted: ${said}${before}`);
}

/**
 * Prints what came for a question, beside what {@link predict} committed in this kernel, and keeps
 * it there: `came('16.1 passes', passes.length)`. A number in the prediction is compared as a
 * number. Nothing is kept where nothing was predicted.
 * @throws RangeError if the question is not a text that begins with a notebook's number
 */
export function came(question: string, value: string | number): void {
  checkQuestion(question);
  const said = committed.get(question);
  if (said === undefined) {
    console.log(`came: ${value}`);
    return;
  }
  const earlier = readPredictions()[question] ?? [];
  const last = earlier.at(-1);
  // The first result counts: a cell that is run again with the same answer changes nothing.
  if (last?.said === said && last.came === undefined)
    keep(question, [...earlier.slice(0, -1), { said, came: String(value) }]);
  console.log(`predicted: ${said}; came: ${value}${verdict(said, value)}`);
}

/** How many questions have met their result, and how many first predictions it equals. */
export function predictionCounts(): { made: number; right: number } {
  const first = Object.values(readPredictions()).flatMap(([one]) => one ?? []);
  const met = first.filter(({ came: result }) => result !== undefined);
  const right = met.filter(({ said, came: result }) => isEqual(said, result!));
  return { made: met.length, right: right.length };
}

/** The same as a line of the reader's progress; empty if no question has met its result. */
export function predictionsInWords({ made, right }: { made: number; right: number }): string {
  if (made === 0) return '';
  const first = 'your first prediction';
  if (made === 1)
    return `you predicted one result; ${first} ${right === 1 ? 'matched it' : 'did not match it'}`;
  const matched = right === 0 ? 'none' : right === made ? 'all' : right;
  return `you predicted ${made} results; ${first} matched ${matched} of them`;
}

function checkQuestion(question: unknown): void {
  const isOne = typeof question === 'string' && /^\d+(\.\d+)+ \S/.test(question);
  check(isOne, 'the question', "a text such as '16.1 passes'", question);
}

function verdict(said: string, value: string | number): string {
  if (isEqual(said, String(value))) return ', as predicted';
  const [guess, result] = [numberIn(said), numberIn(String(value))];
  if (guess === undefined || result === undefined) return '';
  const off = Number(Math.abs(guess - result).toPrecision(3));
  return `, ${off} ${guess > result ? 'less' : 'more'} than predicted`;
}

const plainText = (text: string): string =>
  text.toLowerCase().replace(/^["'\s]+|["'.\s]+$/g, '').replace(/[\s-]+/g, ' ');

function isEqual(said: string, result: string): boolean {
  const [guess, number] = [numberIn(said), numberIn(result)];
  return guess !== undefined && number !== undefined
    ? guess === number
    : plainText(said) === plainText(result);
}

/** The one number that a text begins with, as in `7 passes` or `about 7`; none in `2 or 3`. */
function numberIn(text: string): number | undefined {
  const [, digits] =
    /^\s*(?:~|≈|about\b|around\b)?\s*([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?)\D*$/i.exec(
      text.replace(/(\d),(?=\d{3}\b)/g, '$1'),
    ) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** The predictions so far, without those that are damaged; none if there is no file. */
function readPredictions(): Predictions {
  if (!existsSync(PREDICTIONS_FILE)) return {};
  try {
    const read = Object.entries(JSON.parse(readFileSync(PREDICTIONS_FILE, 'utf8')) as object);
    return Object.fromEntries(read.map(([question, list]) => [
      question,
      Array.isArray(list) ? list.filter(isPrediction) : [],
    ]));
  } catch {
    return {};
  }
}

function isPrediction(value: unknown): value is Prediction {
  if (typeof value !== 'object' || value === null) return false;
  const { said, came: result } = value as Partial<Record<keyof Prediction, unknown>>;
  return typeof said === 'string' && (result === undefined || typeof result === 'string');
}

/** Writes the predictions of one question; where that is impossible, all else works the same. */
function keep(question: string, list: readonly Prediction[]): void {
  if (wantsNothingKept()) return; // a program runs the notebook
  const all = { ...readPredictions(), [question]: list.slice(-MOST_KEPT) };
  try {
    mkdirSync(dirname(PREDICTIONS_FILE), { recursive: true });
    writeWholeSync(PREDICTIONS_FILE, `${JSON.stringify(all, null, 2)}\n`);
  } catch {
    // a folder without the right to write
  }
}
