/** A self-test in a notebook (16.9): questions with four choices, each with a reply of its own. */
import { shown } from '../base/checks';
import { QUESTIONS } from './questions/index';
import { titled } from './sections';

/** The letter of a choice. */
type Letter = 'a' | 'b' | 'c' | 'd';

export interface Question {
  /** The key of the question in {@link Answers}. */
  name: string;
  /** Section of the chapter that answers it. */
  section: string;
  text: string;
  right: Letter;
  /** The possible answers, and the reply to each, which does not reveal the right choice. */
  choices: Record<Letter, readonly [text: string, reply: string]>;
}

/** The result of one answer. */
export interface MarkedAnswer {
  name: string;
  section: string;
  state: 'right' | 'wrong' | 'open';
  reply: string;
}

/** The chosen letter for each question, by its name; an empty text means no answer yet. */
export type Answers = Readonly<Record<string, unknown>>;

/**
 * The questions with these names as text, ready to print; the number of a notebook, such as `16.5`,
 * means all questions on it.
 * @throws RangeError if there is no question with a name, or none on a notebook
 */
export function ask(...names: string[]): string {
  const questions = names.flatMap((name) => {
    const own = QUESTIONS.filter(({ section }) => section.startsWith(`${name}.`));
    return own.length > 0 ? own : [findQuestion(name)];
  });
  return questions.map(({ name, text, choices }) => {
    const lines = Object.entries(choices).map(([letter, [choice]]) => `  ${letter}  ${choice}`);
    return [`${name}: ${text}`, ...lines].join('\n');
  }).join('\n\n');
}

/**
 * Marks each answer. A letter may have spaces, brackets or a full stop around it: `(C)` is c. An
 * answer that is not a letter from a to d is open, and its reply says so.
 * @throws RangeError if there is no question with a name
 */
export function mark(answers: Answers): MarkedAnswer[] {
  return Object.entries(answers).map(([name, given]) => {
    const { section, right, choices } = findQuestion(name);
    const letter = letterIn(given);
    if (letter === '') return { name, section, state: 'open', reply: 'no answer yet' };
    if (!isLetter(letter)) {
      const reply = `the answer must be a, b, c or d, got ${shown(given)}`;
      return { name, section, state: 'open', reply };
    }
    const [, reply] = choices[letter];
    return letter === right
      ? { name, section, state: 'right', reply }
      : { name, section, state: 'wrong', reply: `${reply} Look again at ${titled(section)}.` };
  });
}

/**
 * The sections of the answers that are not right, each once and with its title, a line for each.
 * Empty if all are right.
 */
export function readAgain(marks: readonly MarkedAnswer[]): string {
  const sections = marks.filter(({ state }) => state !== 'right').map(({ section }) => section);
  return [...new Set(sections)].map(titled).join('\n');
}

/** Marks as lines of text. */
export function report(marks: readonly MarkedAnswer[]): string {
  const words = { right: 'right', wrong: 'not yet', open: 'open' };
  return marks.map(({ name, state, reply }) => `${words[state]}: ${name}. ${reply}`).join('\n');
}

/** The text without spaces, brackets and full stops around it; a cell may hold any value. */
const letterIn = (given: unknown): string | undefined =>
  typeof given === 'string'
    ? given.trim().toLowerCase().replace(/^\(?\s*([a-z])\s*[).]?$/, '$1')
    : undefined;

const isLetter = (text: string | undefined): text is Letter =>
  text !== undefined && ['a', 'b', 'c', 'd'].includes(text);

function findQuestion(name: string): Question {
  const question = QUESTIONS.find((each) => each.name === name);
  if (question) return question;
  const names = QUESTIONS.map((each) => each.name).join(', ');
  throw new RangeError(`unknown question ${name}; known are ${names}`);
}
