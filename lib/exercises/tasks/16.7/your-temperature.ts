import { wordTokenizer } from '../../../language/little-language';
import { tf } from '../../../tensor/tf';
import type { Exercise, Scope } from '../../exercise';
import type { Plain } from '../../plain';
import { trainedModel } from '../../observers/trained-model';

const PROMPT = 'The agent opened a pull request';

/** The model's logits after {@link PROMPT}; {@link scope} fills them in, before any judging. */
let logits: number[] = [];

/** As the notebook has it (16.7.2). */
function softmaxAt(scores: number[], temperature: number): number[] {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp((score - most) / temperature));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / total);
}

async function scope(): Promise<Scope> {
  const model = await trainedModel();
  const ids = wordTokenizer.encode(PROMPT);
  logits = tf.tidy(() => [...model.forward([ids], { logitsToKeep: 1 }).dataSync()]);
  return { logits, softmaxAt };
}

/** The probability of the most probable word. */
const firstShare = (temperature: number): number => Math.max(...softmaxAt(logits, temperature));

const near = (came: Plain, wanted: Plain): boolean =>
  typeof came === 'number' && Math.abs(came - (wanted as number)) < 0.01;

/** A cell that halves an interval until `share(middle)` is `goal`. */
const halving = (share: string, goal: string): string =>
  `let [low, high] = [0.01, 10];
for (let n = 0; n < 50; n++) {
  const middle = (low + high) / 2;
  if (${share} > ${goal}) low = middle;
  else high = middle;
}
const yourTemperature: number = low;`;

const AT_MIDDLE = 'Math.max(...softmaxAt(logits, middle))';

const solution = halving(AT_MIDDLE, '0.5');

export const yourTemperature: Exercise = {
  id: '16.7.1',
  name: 'yourTemperature',
  cell: 'warmth',
  title: 'The right temperature',
  minutes: 5,
  difficulty: 'easy',
  statement: `At which temperature does the most probable word after "${PROMPT}" have a `
    + 'probability of one half? Find it to two decimals, with `softmaxAt(logits, …)`, and put it '
    + 'into `yourTemperature`. (If you have changed the parameter `prompt`, take this prompt here.)',
  stub: `const yourTemperature: number = 1;

// Your code: try values, or halve an interval again and again.`,
  solution,
  others: [
    {
      says: 'all temperatures in steps of 0.01',
      source: `const tried = Array.from({ length: 300 }, (_, i) => (i + 1) / 100);
const error = (degree: number) =>
  Math.abs(Math.max(...softmaxAt(logits, degree)) - 0.5);
const yourTemperature: number = tried.reduce((best, degree) =>
  error(degree) < error(best) ? degree : best);`,
    },
    {
      says: "Newton's way: from one temperature to a better one",
      source: `const share = (degree: number) => Math.max(...softmaxAt(logits, degree));
let degree = 0.3;
for (let n = 0; n < 20; n++) {
  const slope = (share(degree + 1e-5) - share(degree - 1e-5)) / 2e-5;
  degree -= (share(degree) - 0.5) / slope;
}
const yourTemperature: number = degree;`,
    },
  ],
  hints: [
    'Print `Math.max(...softmaxAt(logits, 1))`. Must the distribution become sharper or flatter?',
    'A lower temperature gives the first word more. Find one that gives it too little and one that '
    + 'gives it too much, try the middle, and go on with the half that holds the answer.',
  ],
  right: 'to two decimals, the most probable word has one half',
  explore: 'at which temperature do all impossible words together have one half? `isAllowed(id)` '
    + 'says which words are possible',
  parts: [{ says: 'the temperature', points: 2 }],
  observer: 'value',
  shown: [{ input: null, says: 'yourTemperature' }],
  agrees: near,
  resembles: near,
  diagnose: (came) => {
    if (typeof came !== 'number') return 'yourTemperature must be a number';
    if (!(came > 0)) return 'a temperature must be above 0';
    const share = firstShare(came);
    const advice = share < 0.5 ? 'make the distribution sharper' : 'make it flatter';
    return `at this temperature the first word has ${(100 * share).toFixed(1)} %; ${advice}`;
  },
  mistakes: [
    {
      says: 'this is 1 / temperature: the logits are divided by the temperature, not multiplied',
      source: solution.replace('= low;', '= 1 / low;'),
    },
    {
      says: 'the first word has half of what it had at temperature 1: a probability of one half is '
        + 'wanted',
      source: halving(AT_MIDDLE, 'Math.max(...softmaxAt(logits, 1)) / 2'),
    },
    {
      says: 'one decimal is too coarse: two decimals are wanted',
      source: solution.replace('= low;', '= Math.round(10 * low) / 10;'),
    },
    {
      says: 'the first two words together have one half: the most probable word alone is wanted',
      source: halving(
        'softmaxAt(logits, middle).sort((a, b) => b - a).slice(0, 2).reduce((a, b) => a + b)',
        '0.5',
      ),
    },
    {
      says: 'the probabilities are divided by the temperature, and softmax is taken once more: '
        + 'divide the logits',
      source: halving('Math.max(...softmaxAt(softmaxAt(logits, 1), middle))', '0.5'),
    },
  ],
  scope,
};
