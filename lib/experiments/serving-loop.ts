/**
 * The loop of a server (16.9): requests wait in a queue, a prompt is read in chunks, all texts that
 * are being written share a pass, a finished text leaves at once, and the beginning that a prompt
 * shares with an earlier one is not read again. vLLM (Kwon et al. 2023) and SGLang (Zheng et al.
 * 2024) do the same with a cache in pages and packed rows; here rows are copied and padded.
 */
import { check, checkInteger, checkNames } from '../base/checks';
import { breathe } from '../base/interrupt';
import { continueRow, type Search } from '../inference/greedy-or-sampling';
import type { GenerateOptions } from '../inference/options';
import { lastLogits } from '../inference/next-logits';
import { completeRequest, startRows } from '../inference/request';
import type { KVCache } from '../model/cache';
import type { GPT } from '../model/gpt';
import { type CachedRow, gatherRows } from './cached-rows';

/** Options of `generate` that one text of one request cannot have. */
const NOT_SERVED = [
  'numBeams',
  'numReturnSequences',
  'lengthPenalty',
  'earlyStopping',
  'useCache',
  'signal',
] as const;

/** A prompt and the options of its continuation. */
export interface ServerRequest extends Omit<GenerateOptions, typeof NOT_SERVED[number]> {
  readonly prompt: readonly number[];
}

export interface ServerOptions {
  /** The most texts that are written side by side. Default 8. */
  slots?: number;
  /** The most tokens of a prompt that one pass reads; the others wait for it. Default 16. */
  chunk?: number;
  /** Prompts whose keys and values are kept for later ones that begin alike. Default 8. */
  kept?: number;
}

/** One pass: the requests whose rows it computes, and the tokens that it reads of each. */
export interface ServerPass {
  readonly kind: 'read' | 'write';
  readonly requests: readonly number[];
  readonly tokens: number;
}

export interface Served {
  /** Each prompt with its new tokens, in the order of the requests. */
  sequences: number[][];
  passes: ServerPass[];
  /** Tokens of prompts that no pass read, because an earlier prompt begins with them. */
  reused: number;
}

/** A text on its way through the server. */
interface Text {
  readonly index: number;
  readonly prompt: readonly number[];
  readonly ids: readonly number[]; // the prompt and the new tokens so far
  readonly search: Search;
}

/** The texts that are being written: rows of one cache, each ending in its last column. */
interface Running {
  readonly texts: readonly Text[];
  readonly cache?: KVCache;
}

/** A prompt that was read, and its keys and values. */
interface Prefix {
  readonly ids: readonly number[];
  readonly cache: KVCache;
}

/**
 * Continues each request as `generate(model, [prompt], options)` does, token for token.
 * @throws RangeError as `generate`; if a prompt and its new tokens are longer than the context; on
 *   an option out of its range
 * @throws Error if the model is in training mode
 */
export async function serve(
  model: GPT,
  requests: readonly ServerRequest[],
  options: ServerOptions = {},
): Promise<Served> {
  const { slots, chunk, kept } = completeOptions(options);
  const texts = requests.map((request, index) => newText(model, request, index));
  const queue = texts.filter(isOpen);
  const passes: ServerPass[] = [];
  const prefixes: Prefix[] = []; // the newest first
  let reading: { text: Text; own: KVCache } | undefined; // its prompt is being read
  let running: Running = { texts: [] };
  let reused = 0;
  try {
    while (queue.length > 0 || reading || running.texts.length > 0) {
      await breathe();
      // 1. Admit the next request; what its prompt shares with a kept one is copied.
      if (!reading && queue.length > 0 && running.texts.length < slots) {
        const text = queue.shift()!;
        reading = { text, own: beginning(model, text.prompt, prefixes) };
        reused += reading.own.length;
      }
      // 2. Read one chunk of its prompt. After the last chunk it has its first token, and joins.
      if (reading) {
        const { text, own } = reading;
        const part = text.prompt.slice(own.length, own.length + chunk);
        passes.push({ kind: 'read', requests: [text.index], tokens: part.length });
        const logits = lastLogits(model, [part], { cache: own });
        if (own.length === text.prompt.length) {
          prefixes.unshift({ ids: text.prompt, cache: own });
          reading = undefined;
          await text.search.advance(logits);
          if (isOpen(text)) running = regrouped(model, running, [...running.texts, text], own);
          for (const oldest of prefixes.splice(kept)) oldest.cache.dispose();
        }
      }
      // 3. Write the next token of every running text in one pass.
      const { texts: rows, cache } = running;
      if (rows.length > 0) {
        passes.push({ kind: 'write', requests: rows.map(({ index }) => index), tokens: 1 });
        const logits = lastLogits(model, rows.map(({ ids }) => ids.slice(-1)), {
          cache,
          positionIds: rows.map(({ ids }) => [ids.length - 1]),
          attentionMask: rows.map(({ ids }) => maskOf(cache!.length + 1, ids.length)),
        });
        for (const [i, { search }] of rows.entries()) await search.advance([logits[i]!]);
        // 4. Finished texts leave, and their slots are free.
        const open = rows.filter(isOpen);
        if (open.length < rows.length) running = regrouped(model, running, open);
      }
    }
    return { sequences: texts.map(({ ids }) => [...ids]), passes, reused };
  } finally {
    running.cache?.dispose();
    reading?.own.dispose();
    for (const prefix of prefixes) prefix.cache.dispose();
  }
}

const isOpen = ({ search }: Text): boolean => !search.done;

function completeOptions({ slots = 8, chunk = 16, kept = 8, ...other }: ServerOptions) {
  checkNames('option', other, ['slots', 'chunk', 'kept']);
  for (const [name, value] of Object.entries({ slots, chunk }))
    checkInteger(name, value, { from: 1 });
  checkInteger('kept', kept, { from: 0 });
  return { slots, chunk, kept };
}

function newText(model: GPT, { prompt, ...options }: ServerRequest, index: number): Text {
  const refused = NOT_SERVED.filter((name) => name in options).join(', ');
  check(refused === '', `the options of request ${index}`, 'those of one text', refused);
  const request = completeRequest(model, [prompt], options);
  const most = model.config.nPositions;
  const length = prompt.length + request.maxNewTokens;
  check(length <= most, `prompt and maxNewTokens of request ${index}`, `at most ${most}`, length);
  const row = { ...startRows([prompt], 1, request.seed)[0]!, index };
  return { index, prompt, ids: row.ids, search: continueRow(row, request) };
}

/** The texts `next` in a cache of their own: rows of `old`, and one whose prompt is in `own`. */
function regrouped(model: GPT, old: Running, next: readonly Text[], own?: KVCache): Running {
  const rows = next.map((text): CachedRow => {
    const length = text.ids.length - 1; // no pass has read the newest token
    const row = old.texts.indexOf(text);
    if (row < 0) return { cache: own!, row: 0, start: 0, length };
    return { cache: old.cache!, row, start: old.cache!.length - length, length };
  });
  const cache = rows.length > 0 ? gatherRows(model, rows) : undefined;
  old.cache?.dispose();
  return { texts: next, cache };
}

/**
 * A cache with what `prompt` shares with the kept prompt that has most in common with it. At least
 * its last token remains to be read: that pass gives the logits of the first new one.
 */
function beginning(model: GPT, prompt: readonly number[], prefixes: readonly Prefix[]): KVCache {
  const shared = prefixes.map(({ ids }) => {
    const differs = prompt.findIndex((id, t) => id !== ids[t]);
    return differs < 0 ? prompt.length - 1 : Math.min(differs, prompt.length - 1);
  });
  const length = Math.max(0, ...shared);
  if (length === 0) return model.createCache(1);
  const { cache } = prefixes[shared.indexOf(length)]!;
  return gatherRows(model, [{ cache, row: 0, start: 0, length }]);
}

/** 1 at the last `real` of `columns` columns. */
const maskOf = (columns: number, real: number): number[] =>
  Array.from({ length: columns }, (_, c) => Number(c >= columns - real));
