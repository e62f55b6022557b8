/**
 * The ways to observe an answer, by name. Each takes the answer and one input and returns what it
 * measured; observe.ts limits it and turns the result into plain data.
 */
import type { PlainData } from '../plain';
import { observeBatch } from './batch';
import { call, callAndWait, itself } from './calls';
import { detectMode, sampling, writing } from './decoding';
import { filling } from './filling';
import { ownLoop } from './own-loop';
import { countPasses } from './passes';
import { samples } from './samples';
import { judgeSampler } from './sampler-judge';
import { savedText } from './saved-text';
import { slotServer } from './slot-server';
import { suspect } from './suspect';
import { watchStream } from './text-stream';

/** What an observer may note beside the value it returns. */
export interface Notes {
  changedInput: boolean;
}

/** Gets its own copy of the input. May return a promise. */
export type Observer = (answer: unknown, input: PlainData, notes: Notes) => unknown;

/** The ways to observe an answer. */
export const observers = {
  /** The answer is a value; the input says nothing. */
  value: itself,
  /** The answer is a function, the input its arguments; the result is a value at once. */
  call,
  /** As `call`, but the result may be a promise. */
  callAndWait,
  /** The answer makes a batch of rows; see batch.ts. */
  batch: observeBatch,
  /** As `callAndWait`, with the number of forward passes; see passes.ts. */
  countPasses,
  /** The answer judges a model that may see the future; see suspect.ts. */
  suspect,
  /** The answer judges a sampler that may have a bug; see sampler-judge.ts. */
  judgeSampler,
  /** The answer is a generate loop; see own-loop.ts. */
  ownLoop,
  /** The answer samples the next token; see samples.ts. */
  samples,
  /** The answer continues a saved text; see saved-text.ts. */
  savedText,
  /** The answer serves requests in slots; see slot-server.ts. */
  slotServer,
  /** The answer makes a streaming decoder; see text-stream.ts. */
  textStream: watchStream,
  /** The answer fills holes, one text a call; see filling.ts. */
  filling,
  /** The answer writes on with a model; see decoding.ts. */
  writing,
  /** The answer finds out the mode of a model. */
  mode: detectMode,
  /** The answer samples with the random numbers that it gets. */
  sampling,
} satisfies Record<string, Observer>;

export type ObserverName = keyof typeof observers;
