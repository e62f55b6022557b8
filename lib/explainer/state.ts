/**
 * The state of the explainer: everything that the page shows follows from it. It is flat, and every
 * value is a string, a number or a boolean, so that an address holds all of it.
 */
import { type ExampleName, EXAMPLES } from './examples';

/** The allowed values of each key that has a few. */
export const STATE_CHOICES = {
  example: ['pull-requests', 'eight-tokens'],
  padding: ['correct', 'right side', 'no mask', 'no shift', 'mask once'],
  road: ['parallel', 'serial', 'cached'],
  strategy: ['greedy', 'sampling', 'beams'],
  language: ['en', 'zh', 'de'],
  panel: ['modes', 'vectors', 'decoding', 'beams', 'roads', 'cache', 'batch', 'dropout', 'presets'],
} as const;

type Choices = { -readonly [K in keyof typeof STATE_CHOICES]: typeof STATE_CHOICES[K][number] };

/** The range of a number, and the step of its slider; only integers are allowed if that is 1. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

const range = (from: number, to: number, step = 1): NumberRange => ({ from, to, step });

/** The range of each number; a state narrows that of layer, head, position, step and topK. */
export const STATE_RANGES = {
  trainingSteps: range(0, 20),
  step: range(0, 40),
  maxNewTokens: range(1, 40),
  temperature: range(0, 2, 0.05),
  topK: range(0, 105),
  topP: range(0, 1, 0.01),
  minP: range(0, 1, 0.01),
  repetitionPenalty: range(1, 3, 0.05),
  numBeams: range(2, 6),
  lengthPenalty: range(-2, 3, 0.1),
  seed: range(0, 1e9),
  layer: range(0, 1),
  head: range(0, 3),
  position: range(0, 63),
} as const;

type Numbers = { [K in keyof typeof STATE_RANGES]: number };

/** Everything that the page shows follows from this. */
export interface State extends Choices, Numbers {
  /** The text of training: each token but the first is a target. */
  sentence: string;
  /** Whether training has the causal mask. False shows the model that was trained without it. */
  causal: boolean;
  /** The text that inference continues. */
  prompt: string;
  /** A second prompt in a batch with the first; empty: none. */
  secondPrompt: string;
  /** Whether generation keeps keys and values. */
  useCache: boolean;
  /** Whether dropout was left on: the same question is then asked three times. */
  dropout: boolean;
  /** Whether the controls of decoding are open on a narrow screen; a wide one always has them. */
  controls: boolean;
}

/** The state that the page begins with: its example alone determines it. */
export function defaultState(example: ExampleName = 'pull-requests'): State {
  const { sentence, prompt, maxNewTokens, encode } = EXAMPLES[example];
  const position = encode(prompt).length - 1;
  return { example, sentence, causal: true, trainingSteps: 0, prompt, secondPrompt: '',
    padding: 'correct', road: 'parallel', useCache: true, step: 0, maxNewTokens, strategy: 'greedy',
    temperature: 1, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1, numBeams: 3, lengthPenalty: 1,
    seed: 0, dropout: false, layer: 0, head: 0, position, language: 'en', panel: 'modes',
    controls: false };
}

export const DEFAULT_STATE: Readonly<State> = defaultState();
