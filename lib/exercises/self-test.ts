/**
 * A self-test inside a notebook: questions with four choices, each of which has its own reply
 * (16.9).
 */
import { QUESTIONS } from './questions';

/** The letter of a choice. */
export type Letter = 'a' | 'b' | 'c' | 'd';

export interface Question {
  /** The key of its answer. */
  name: string;
  /** Section of the chapter that answers it. */
  section: string;
  asks: string;
  right: Letter;
  /**
   * What can be answered, and what is said to who answers so: never which choice is the right one.
   */
  choices: Record<Letter, readonly [text: string, reply: string]>;
}

/** An answer to one question. */
export interface Mark {
  name: string;
  section: string;
  state: 'right' | 'wrong' | 'open';
  /** What to tell the learner. */
  reply: string;
}

/** Letters by the name of their question; an empty text is not yet an answer. */
export type Answers = Readonly<Record<string, string>>;

/** The questions of these names as text, ready to print. */
export function ask(...names: string[]): string {
  return names.map((name) => {
    const { asks, choices } = find(name);
    const lines = Object.entries(choices).map(([letter, [text]]) => `  ${letter}  ${text}`);
    return [`${name}: ${asks}`, ...lines].join('\n');
  }).join('\n\n');
}

/**
 * Marks each answer.
 * @throws RangeError on the name of no question, or an answer that is no letter from a to d
 */
export function mark(answers: Answers): Mark[] {
  return Object.entries(answers).map(([name, given]) => {
    const { section, right, choices } = find(name);
    const letter = given.trim().toLowerCase();
    if (letter === '') return { name, section, state: 'open', reply: 'no answer yet' };
    if (!isLetter(letter))
      throw new RangeError(`the answer to ${name} must be a, b, c or d, got "${given}"`);
    const [, reply] = choices[letter];
    return letter === right
      ? { name, section, state: 'right', reply }
      : { name, section, state: 'wrong', reply: `${reply} Look again at ${section}.` };
  });
}

/** Marks as lines of text. */
export function report(marks: readonly Mark[]): string {
  const says = { right: 'right', wrong: 'not yet', open: 'open' };
  return marks.map(({ name, state, reply }) => `${says[state]}: ${name}. ${reply}`).join('\n');
}

const isLetter = (text: string): text is Letter => ['a', 'b', 'c', 'd'].includes(text);

function find(name: string): Question {
  const question = QUESTIONS.find((each) => each.name === name);
  if (question) return question;
  throw new RangeError(
    `no question is named ${name}; there are ${QUESTIONS.map((each) => each.name).join(', ')}`,
  );
}
