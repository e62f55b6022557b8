/** Paths of the data that the course uses. */
import { platform } from './platform';

const { join, root } = platform;
const DATA = join(root, 'data');

/** Folder of the GPT that was trained on the little language: `await GPT.load(PULL_REQUESTS)`. */
export const PULL_REQUESTS = join(DATA, 'checkpoints', 'pull-requests');

/** Folder of the same GPT, trained without its causal mask, so that it cheats (16.2.3). */
export const WITHOUT_MASK = join(DATA, 'checkpoints', 'without-mask');

/**
 * Folder of the GPT that computes the example of 16.0, eight tokens with four numbers each: `await
 * GPT.load(EIGHT_TOKENS)`.
 */
export const EIGHT_TOKENS = join(DATA, 'eight-tokens');

/**
 * Sentences of the little language, one a line; data/corpus/README.md describes how they were
 * sampled.
 */
export const CORPUS_FILE = join(DATA, 'corpus', 'pull-requests.txt');

/** Copies of the notebooks; a hub, where the course is shared, names each student's folder. */
const MY_NOTEBOOKS = platform.setting('COURSE_MY_NOTEBOOKS') ?? join(root, 'my-notebooks');

/** What a learner's checks remember, beside their copies. */
export const PROGRESS_FILE = join(MY_NOTEBOOKS, 'progress.json');

/** What a learner predicted before looking, and what came. */
export const PREDICTIONS_FILE = join(MY_NOTEBOOKS, 'predictions.json');

/** The runs that a learner keeps with `compare`. */
export const COMPARE_FOLDER = join(MY_NOTEBOOKS, 'compare');
