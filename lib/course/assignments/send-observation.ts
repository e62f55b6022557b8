/** What the grader runs in a student's kernel after the answer of an exercise. */
import { type Display, DISPLAY_SYMBOL } from '../../base/kernel-symbols';
import type { Limits } from '../../base/kernel-symbols';
import { observe, type Outcome } from '../../exercises/observe';
import type { ObserverName } from '../../exercises/observers/index';
import { decode, encode, type PlainData } from '../../exercises/plain';

/** The output that holds an observation; grading/reply.py reads it. */
const OBSERVATION = 'application/vnd.course.observation+json';

/** The longest text of an observation, in characters: a larger message would be refused. */
const MOST_CHARACTERS = 1_000_000;

/**
 * Observes `answer` on the encoded list of inputs, and sends what was observed as an output that
 * carries `nonce`. It is only sent: nothing here knows what is right.
 */
export async function sendObservation(
  nonce: string,
  observer: ObserverName,
  answer: unknown,
  inputs: string,
  limits: Limits,
): Promise<void> {
  const outcomes = await observe(observer, answer, decode(inputs) as PlainData[], limits);
  const text = encode(outcomes as unknown as PlainData);
  const sent = text.length > MOST_CHARACTERS ? encode(tooLarge(outcomes)) : text;
  const display = Reflect.get(process, DISPLAY_SYMBOL) as Display;
  display.display({ [OBSERVATION]: { nonce, text: sent } });
}

const tooLarge = (outcomes: readonly Outcome[]): PlainData =>
  outcomes.map(() => ({ ended: 'huge', error: 'its results are too large' }));
