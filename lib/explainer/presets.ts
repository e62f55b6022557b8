/**
 * Moments that are one link each: the main picture of every notebook, the eight tokens, and three
 * questions that everybody has. The page has their texts, by id.
 */
import { toAddress } from './address';
import { defaultState, type State } from './state';

/** A moment with a name. */
export interface Preset {
  readonly id: string;
  readonly state: State;
}

const preset = (id: string, changes: Partial<State>): Preset => ({ id,
  state: { ...defaultState(changes.example), ...changes } });

/** The link of a preset, to be appended to the address of the page. */
export const linkOf = ({ state }: Preset): string => `#${toAddress(state)}`;

/** What the notebooks show, in the order of the course. */
export const NOTEBOOK_PRESETS: readonly Preset[] = [
  preset('eight-tokens', { example: 'eight-tokens', panel: 'vectors' }),
  preset('16.0', { example: 'eight-tokens', position: 3, step: 3 }),
  preset('16.1', { sentence: 'The agent opened a pull request for review' }),
  preset('16.2', { sentence: 'The agent opened a pull request for review. <eos>', causal: false }),
  preset('16.3', { step: 1, position: 6 }),
  preset('16.4', { step: 4, useCache: false }),
  preset('16.5', { secondPrompt: 'The bug', padding: 'no mask', panel: 'batch' }),
  preset('16.6', { step: 4, useCache: false, panel: 'cache' }),
  preset('16.7', { strategy: 'beams', numBeams: 6, step: 12, panel: 'beams' }),
  preset('16.8', { prompt: 'The reviewer merged the change', strategy: 'sampling', step: 1,
    panel: 'decoding' }),
  preset('16.9', { step: 4, panel: 'roads' }),
];

/** A question, and the runs whose counts answer it: the first is the moment that the link shows. */
export interface Question {
  readonly id: 'pause' | 'chat' | 'summary';
  readonly runs: readonly Preset[];
}

const ISSUE = 'The agent opened a pull request for review. <eos>';
const FIX = 'The tests failed on Friday, so the reviewer fixed the bug. <eos>';
const APPROVAL = 'The reviewer approved the pull request. <eos>';

/**
 * - `pause`: why it pauses and then streams. The first pass reads the whole prompt; each pass after
 *   it reads one token.
 * - `chat`: why a long chat costs more. Each turn begins with a pass over everything said so far:
 *   each prompt here is the whole text of the turn before and the words of a new one.
 * - `summary`: why a summary waits long and answers short. Its long prompt is one large pass, its
 *   short answer a few small ones; a short prompt with a long answer is the reverse.
 */
export const QUESTIONS: readonly Question[] = [
  { id: 'pause', runs: [
    preset('pause', { prompt: `${ISSUE} ${FIX} ${APPROVAL} The agent opened a pull request`,
      step: 1, panel: 'presets' }),
  ] },
  { id: 'chat', runs: [
    preset('turn 4', { prompt: `${ISSUE} ${FIX} ${APPROVAL} The pull request`, step: 1,
      panel: 'presets' }),
    preset('turn 3', { prompt: `${ISSUE} ${FIX} The reviewer`, panel: 'presets' }),
    preset('turn 2', { prompt: `${ISSUE} The tests failed`, panel: 'presets' }),
    preset('turn 1', { panel: 'presets' }),
  ] },
  { id: 'summary', runs: [
    preset('summary', { prompt: `${ISSUE} ${FIX} ${APPROVAL} Summarize the pull request in`,
      step: 1, panel: 'presets' }),
    preset('story', { prompt: 'The agents waited', maxNewTokens: 40, panel: 'presets' }),
  ] },
];

/** Everything that the page lists. */
export const PRESETS: readonly Preset[] = [
  ...NOTEBOOK_PRESETS,
  ...QUESTIONS.map(({ id, runs: [shown] }) => ({ id, state: shown!.state })),
];
