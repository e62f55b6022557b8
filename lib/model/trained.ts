/** The models that come with the course, trained by the programs that lie beside them in data. */
import { join } from 'node:path';

/** Folder of the GPT that has learned the little language: `await GPT.load(PULL_REQUESTS)`. */
export const PULL_REQUESTS = join(__dirname, '..', '..', 'data', 'checkpoints', 'pull-requests');

/** Folder of the GPT that computes the first example, eight tokens of four numbers: `await GPT.load(EIGHT_TOKENS)`. */
export const EIGHT_TOKENS = join(__dirname, '..', '..', 'data', 'eight-tokens');
