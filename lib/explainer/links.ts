/**
 * Links from the notebooks to the moment that a cell has computed. A test compares each with the
 * output that the notebook has saved.
 */
import { toAddress } from './address';
import { defaultState, type State } from './state';

/** A link that stands below a cell. */
export interface NotebookLink {
  readonly notebook: string;
  /** The id of the cell whose output it continues. */
  readonly cell: string;
  /** Its words. */
  readonly text: string;
  readonly state: State;
}

const link = (
  notebook: string,
  cell: string,
  text: string,
  changes: Partial<State> = {},
): NotebookLink => ({ notebook, cell, text,
  state: { ...defaultState(changes.example), ...changes } });

/** Where `npm run explainer` serves the page. */
export const PAGE = 'http://127.0.0.1:8716/';

/** A link as it stands in a text cell. */
export const markdownOf = (link: NotebookLink): string => `[${link.text}](${PAGE}${hashOf(link)})`;

/** What is appended to the address of the page. */
export const hashOf = ({ state }: NotebookLink): string => `#${toAddress(state)}`;

const REVIEW = 'The agent opened a pull request for review';
const FOR = 'The agent opened a pull request for';
const eight = { example: 'eight-tokens' } as const;
const batch = { panel: 'batch', secondPrompt: 'Summarize' } as const;
const sampled = { panel: 'decoding', strategy: 'sampling', step: 1 } as const;

/** In the order of the course. */
export const NOTEBOOK_LINKS: readonly NotebookLink[] = [
  link('16.0', 'one-pass', 'The same eight hidden states in the explainer', { ...eight,
    panel: 'vectors' }),
  link('16.1', 'losses-picture', 'These losses in the explainer, both modes beside each other', {
    sentence: REVIEW,
  }),
  link('16.1', 'one-position', 'All 105 words at this position in the explainer', {
    sentence: REVIEW,
    position: 5,
    panel: 'vectors',
  }),
  link('16.2', 'count-what-was-read', 'One pass or six, live, in the explainer', { sentence: FOR,
    road: 'serial', panel: 'roads' }),
  link('16.2', 'mask-picture', 'Point at a cell of this head in the explainer', { sentence: FOR,
    head: 3 }),
  link('16.3', 'against-exact', 'The whole distribution in the explainer', { step: 1 }),
  link('16.3', 'library-generate', 'Play this run, step by step, in the explainer', { step: 4 }),
  link('16.4', 'line-argmax', 'The probabilities of all 105 tokens in the explainer', { step: 1,
    panel: 'decoding' }),
  link('16.5', 'mask-picture', 'This batch and its mask in the explainer', { ...batch }),
  link('16.5', 'plot-errors-by-step', 'Switch the mistakes on in the explainer', { ...batch,
    padding: 'no mask', step: 2 }),
  link('16.6', 'tokens-read', 'These passes and their cache in the explainer', {
    sentence: `${REVIEW}. <eos>`, // the end token is the last target, as in the notebook
    step: 4,
    panel: 'cache',
  }),
  link('16.7', 'plot-top-k', 'Top-k over the whole vocabulary in the explainer', { ...sampled,
    topK: 5, seed: 16 }),
  link('16.7', 'plot-each-p', 'This nucleus in the explainer', { ...sampled, topP: 0.8, seed: 16 }),
  link('16.7', 'best-by-the-model', 'The beams as a tree in the explainer', { strategy: 'beams',
    numBeams: 6, step: 6, panel: 'beams' }),
  link('16.8', 'two-ways', 'Sample one of the two ways in the explainer', { ...sampled,
    prompt: 'The reviewer merged the change', seed: 16 }),
];
