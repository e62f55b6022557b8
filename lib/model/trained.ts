/** The models that come with the course, trained by the programs beside them in data/checkpoints. */
import { join } from 'node:path';

/** Folder of the GPT that has learned the little language: `await GPT.load(PULL_REQUESTS)`. */
export const PULL_REQUESTS = join(__dirname, '..', '..', 'data', 'checkpoints', 'pull-requests');
