/**
 * About fifty states over all controls and their corners: the engine's tests compare each with the
 * library, and the page's test compares each with the engine.
 */
import { checkState } from '../../lib/explainer/check-state';
import { sayProblem } from '../../lib/explainer/page/say-problem';
import { wordsOf } from '../../lib/explainer/page/words';
import { defaultState, type State } from '../../lib/explainer/state';

/** A state, and what it is there for. */
export interface NamedState {
  readonly name: string;
  readonly state: State;
}

const at = (name: string, changes: Partial<State> = {}): NamedState => ({ name,
  state: { ...defaultState(changes.example), ...changes } });

const eight = { example: 'eight-tokens' } as const;
const sampling = { strategy: 'sampling', panel: 'decoding' } as const;
const beams = { strategy: 'beams', panel: 'beams' } as const;
const batch = { panel: 'batch', secondPrompt: 'Summarize' } as const;

/** 60 tokens, and their first 46. */
const ISSUE = 'The agent opened a pull request for review. <eos>';
const FIX = 'The tests failed on Friday, so the reviewer fixed the bug. <eos>';
const APPROVAL = 'The reviewer approved the pull request. <eos>';
const LONG_PROMPT = [ISSUE, FIX, APPROVAL, ISSUE].join(' ');
export const LONG = [LONG_PROMPT, FIX].join(' ');

export const STATES: readonly NamedState[] = [
  at('the beginning'),
  at('one step of inference', { step: 1 }),
  at('the end of the sentence', { step: 4 }),
  at('a step after the end', { step: 12 }),
  at('a limit before the end', { maxNewTokens: 2, step: 2 }),
  at('a text that never ends', { prompt: 'The agent waited', maxNewTokens: 40, step: 40 }),
  at('a prompt of one token', { prompt: 'Summarize', step: 3 }),
  at('a prompt that the language does not have', { prompt: 'agent The opened', step: 2 }),
  at('an end token inside the prompt', { prompt: 'The agent waited for help. <eos> The', step: 2 }),

  at('another sentence', { sentence: 'The tests failed on Friday, so the team fixed the bug.' }),
  at('the shortest sentence', { sentence: 'The agent', position: 0 }),
  at('an impossible sentence', { sentence: 'The pull request approved the agents.' }),
  at('a sentence with its end token', { sentence: 'The tests passed on Monday. <eos>' }),
  at('the vectors of a token that was fed back', { panel: 'vectors', step: 2 }),
  at('the vectors at the end of a run', { ...sampling, panel: 'vectors', step: 12, seed: 5 }),
  at('the longest sentence and context', { sentence: LONG, prompt: LONG_PROMPT, position: 50,
    step: 3 }),
  at('the controls beside another panel', { ...sampling, panel: 'beams', controls: true, step: 2 }),
  at('the last head', { layer: 1, head: 3, position: 7, panel: 'vectors' }),
  at('the first position', { position: 0, head: 2 }),
  at('a position beyond the sentence', { position: 63 }),
  at('without the mask', { causal: false, head: 0, position: 2 }),
  at('without the mask, the last position', { causal: false, layer: 1, position: 7 }),
  at('one live step', { trainingSteps: 1 }),
  at('three live steps', { trainingSteps: 3, position: 1 }),
  at('two live steps without the mask', { trainingSteps: 2, causal: false }),

  at('temperature 0', { ...sampling, temperature: 0, step: 3 }),
  at('a low temperature', { ...sampling, temperature: 0.5, seed: 16, step: 5 }),
  at('a high temperature', { ...sampling, temperature: 2, seed: 3, step: 8 }),
  at('top-k', { ...sampling, topK: 5, seed: 1, step: 4 }),
  at('top-p', { ...sampling, topP: 0.8, seed: 2, step: 4 }),
  at('top-p 0', { ...sampling, topP: 0, step: 2 }),
  at('min-p', { ...sampling, minP: 0.3, seed: 4, step: 4 }),
  at('all at once', { ...sampling, temperature: 0.8, topK: 20, topP: 0.9, minP: 0.05,
    repetitionPenalty: 1.3, seed: 1_000_000_000, step: 6 }),
  at('a repetition penalty, greedy', { prompt: 'The agent waited', repetitionPenalty: 1.3,
    step: 9 }),

  at('three beams', { ...beams, step: 5 }),
  at('six beams, long texts preferred', { ...beams, numBeams: 6, lengthPenalty: 2, step: 3 }),
  at('two beams, short texts preferred, uncached', { ...beams, numBeams: 2, lengthPenalty: -1,
    useCache: false, step: 12 }),

  at('without a cache', { useCache: false, panel: 'cache', step: 3 }),
  at('serially', { road: 'serial', panel: 'roads', position: 3 }),
  at('with a cache', { road: 'cached', panel: 'roads', position: 4 }),
  at('serially, without the mask', { road: 'serial', causal: false, panel: 'roads' }),

  at('a batch of two', { ...batch, step: 2 }),
  at('padding on the right', { ...batch, padding: 'right side', step: 1 }),
  at('no mask over the padding', { ...batch, padding: 'no mask', step: 0 }),
  at('positions that count the padding', { ...batch, padding: 'no shift', step: 4 }),
  at('a mask in the first pass only', { ...batch, padding: 'mask once', step: 3 }),
  at('a batch of two equal lengths', { panel: 'batch',
    secondPrompt: 'The reviewer merged a change by', step: 1 }),
  at('dropout left on', { dropout: true, panel: 'dropout', seed: 7 }),
  at('dropout left on, later', { dropout: true, panel: 'dropout', step: 2, head: 1 }),

  at('eight tokens', { ...eight, step: 3 }),
  at('eight tokens, the last position', { ...eight, position: 6, step: 2, useCache: false }),
  at('eight tokens without the mask', { ...eight, causal: false, position: 3 }),
  at('eight tokens, a longer run', { ...eight, maxNewTokens: 6, step: 6, strategy: 'sampling' }),

  at('in Chinese', { language: 'zh', step: 1 }),
  at('in German', { language: 'de', panel: 'presets' }),
];

for (const { name, state } of STATES) {
  const [first] = checkState(state);
  if (first) throw new Error(`the state "${name}": ${sayProblem(first, wordsOf('en'))}`);
}
