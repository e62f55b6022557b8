/** Paths of the data that the course uses. */
import { join } from 'node:path';

const DATA = join(__dirname, '..', '..', 'data');

/** Folder of the GPT that was trained on the little language: `await GPT.load(PULL_REQUESTS)`. */
export const PULL_REQUESTS = join(DATA, 'checkpoints', 'pull-requests');

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

/** What a learner's checks remember, beside their copies; a hub names another file. */
export const PROGRESS_FILE = process.env['COURSE_PROGRESS']
  ?? join(DATA, '..', 'my-notebooks', 'progress.json');
