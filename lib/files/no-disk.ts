/**
 * What a page in a browser does in place of model-files-on-disk.ts, training-files.ts and
 * hub-cache.ts: it has no folders to write to, and none to download models into. It reads the
 * models that it was given.
 */
import type * as cache from './hub-cache';
import type * as disk from './model-files-on-disk';
import type * as training from './training-files';

export const completeSave: typeof disk.completeSave = () => undefined;

const noFolder = (path: string): Promise<never> =>
  Promise.reject(new Error(`a page in a browser has no folder ${path}; Node has`));

export const writeFiles: typeof disk.writeFiles = noFolder;
export const saveTraining: typeof training.saveTraining = noFolder;
export const readTraining: typeof training.readTraining = noFolder;

export const cachedFolder: typeof cache.cachedFolder = (source) =>
  Promise.reject(new Error(`this page was given no files of ${source}, and downloads no models`));
