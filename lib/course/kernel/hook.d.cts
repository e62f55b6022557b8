import type { SourceMapPayload } from 'node:module';

/** Lets `require` load TypeScript in this process; compiled texts are kept under `root`/.cache. */
export function install(root: string): void;
/** The loaded TypeScript files whose text on disk is no longer the one that runs. */
export function edited(): string[];
/** Throws a `StaleLibrary` error naming the edited files, if there are any. */
export function refuseEdited(root: string): void;
/** The source map that ends a compiled text, or undefined where there is none. */
export function inlineMap(code: string): SourceMapPayload | undefined;
/** The source map of a file that the hook loaded. */
export function sourceMap(file: string): SourceMapPayload | undefined;
