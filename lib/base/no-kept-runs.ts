/** What a page in a browser does in place of kept-runs.ts: it has no folder, and keeps nothing. */
import type * as disk from './kept-runs';

export const keepRun: typeof disk.keepRun = (_, folder) => {
  throw new Error(`a page in a browser has no folder ${folder}; Node has`);
};

export const keptRuns: typeof disk.keptRuns = () => ({ runs: [], damaged: [] });
