/** The files of a checkpoint, read and written as one. */
export * from './model-file-names';
export { completeSave, writeFiles } from './model-files-on-disk';
