/** GPT-2: from token ids to logits, with one function for training and inference. */
import { checkBoolean, checkInteger, checkNames } from '../base/checks';
import { throwIfInterrupted } from '../base/interrupt';
import { Random } from '../base/random';
import { checkGrid } from '../base/row-checks';
import { checkpointFolder, type HubOptions } from '../files/hub';
import { writeFiles } from '../files/model-files';
import { modelFiles } from '../files/saved-model';
import { ready } from '../tensor/backend';
import { dropout } from '../tensor/dropout';
import * as ops from '../tensor/ops';
import { tf } from '../tensor/tf';
import { block, norm, type PassOptions } from './block';
import { KVCache } from './cache';
import { readCheckpoint } from './checkpoint';
import { completeConfig, type DropoutRates, type GPTConfig, type GPTOptions,
  RATES } from './config';
import { decodeStep } from './decode-step';
import { asRows, checkInputIds, type Ids, type Input } from './inputs';
import { allocate, arrangeWeights, initialValues, type Parameters, type Weights } from './weights';

/** Options of {@link GPT.forward}. */
export interface ForwardOptions {
  /**
   * `[batch, seq]`: 1 for a real token, 0 for padding, which no position may attend to (16.5.2).
   * Default: all real. With a cache, the tokens that it holds come first:
   * `[batch, cache.length + seq]`.
   */
  attentionMask?: Ids;
  /**
   * `[batch, seq]`: the position of each token. Default 0, 1, 2, … in every row, from
   * `cache.length` on with a cache. Padding is counted, too: for padded rows pass the positions
   * (see `padLeft`).
   */
  positionIds?: Ids;
  /**
   * From {@link GPT.createCache}. `inputIds` are then only the tokens after those in the cache, and
   * are added to it (16.6.2).
   */
  cache?: KVCache;
  /** Whether dropout is on. Default: the mode that `train()` or `eval()` set. */
  training?: boolean;
  /**
   * Only the logits of this many last positions, as decoding needs (16.4.2): → [batch,
   * logitsToKeep, vocab]. Default all.
   */
  logitsToKeep?: number;
  /** False removes the causal mask, so that training can cheat (16.2.3). Default true. */
  causal?: boolean;
  /**
   * True skips the checks of ids, mask and positions, for a caller that has checked them. Default
   * false.
   */
  unchecked?: boolean;
}

/** What {@link ForwardOptions} may name; and what `padLeft` returns may be handed over whole. */
const NAMES = ['attentionMask', 'positionIds', 'cache', 'training', 'logitsToKeep', 'causal'];

/**
 * Options of {@link GPT.load}: dropout rates that replace the checkpoint's, and the `seed` of
 * dropout's random numbers, by default 0.
 */
export type LoadOptions = DropoutRates & HubOptions & { seed?: number };

export class GPT {
  /**
   * Whether the model is in training mode, as new models are; `generate` refuses to run then
   * (16.4.2).
   */
  training = true;
  /** The weights, block by block. Training changes their values in place. */
  readonly weights: Weights;

  private constructor(
    readonly config: Readonly<GPTConfig>,
    /** The same weights by their names in a checkpoint. */
    readonly parameters: Parameters,
    /** The source of dropout masks. */
    readonly random: Random,
  ) {
    this.weights = arrangeWeights(config, (name) => parameters.get(name)!);
  }

  /**
   * A model with new weights, the same for the same `config` and `seed` on any machine.
   * @throws RangeError on an invalid configuration or seed
   */
  static async create(config: GPTOptions, seed = 0): Promise<GPT> {
    const complete = completeConfig(config);
    const random = new Random(seed);
    await ready();
    return new GPT(complete, await allocate(complete, initialValues(complete, random)), random);
  }

  /**
   * A model from a folder that holds `config.json` and `model.safetensors` (or its parts and their
   * index) as Hugging Face transformers writes a GPT-2, in float32, float16 or bfloat16 (converted
   * to float32), or from the Hugging Face hub, given its id, such as `openai-community/gpt2`: see
   * {@link checkpointFolder}. It is in inference mode. Dropout rates in `options` replace those of
   * `config.json`: they do not belong to the weights, and further training may need different ones
   * (16.6.7).
   * @throws Error if a file is missing, truncated, mislabelled or holds a different model, or
   *   cannot be downloaded
   * @throws RangeError if a rate is not in [0, 1), on an invalid seed, or on an option of a
   *   different name
   */
  static async load(source: string, options: LoadOptions = {}): Promise<GPT> {
    checkNames('option', options, [...RATES, 'revision', 'onProgress', 'seed']);
    const { revision, onProgress, seed = 0, ...rates } = options;
    const random = new Random(seed);
    const folder = await checkpointFolder(source, { revision, onProgress });
    const { config: stored, read, close } = await readCheckpoint(folder);
    try {
      const config = completeConfig(stored, rates);
      await ready();
      return new GPT(config, await allocate(config, read), random).eval();
    } finally {
      await close();
    }
  }

  /**
   * Writes `config.json` and `model.safetensors` into `dir`, which is created if necessary, as
   * Hugging Face transformers does, in place of the model that is there. Of several processes that
   * save into one folder at once, all files of the last one stay.
   * @throws Error if `dir` cannot be written; the model that was there is then unchanged
   */
  async save(dir: string): Promise<void> {
    await writeFiles(dir, modelFiles(this));
  }

  /** Training mode: dropout on. Returns the model. */
  train(): this {
    this.training = true;
    return this;
  }

  /** Inference mode: dropout off, the same output at every call. Returns the model. */
  eval(): this {
    this.training = false;
    return this;
  }

  /** Frees the weights. */
  dispose(): void {
    for (const weight of this.parameters.values()) weight.dispose();
  }

  /**
   * An empty cache for `batchSize` sequences of at most `capacity` tokens, by default a whole
   * context, to be passed to {@link forward} and disposed at the end (16.6.2).
   * @throws RangeError on a size that is not an integer of at least 1, or a capacity above the
   *   context
   */
  createCache(batchSize = 1, capacity = this.config.nPositions): KVCache {
    return new KVCache(this.config, batchSize, capacity);
  }

  /**
   * One pass over whole sequences (16.2.2): `inputIds` [batch, seq] → logits [batch, seq, vocab].
   * The logits at a position depend only on the tokens up to it, and predict the token after it.
   * @throws RangeError on ids, masks or positions that do not fit, before any tensor is made
   * @throws Error if the model or the cache was disposed, or the cache belongs to a different model
   */
  forward(inputIds: Ids, options: ForwardOptions = {}): tf.Tensor3D {
    throwIfInterrupted();
    checkNames('option', options, [...NAMES, 'unchecked', 'inputIds', 'isPadded']);
    if (this.weights.tokens.isDisposed)
      throw new Error('this model was disposed: its weights are gone; load or create it again');
    const { cache, causal = true, training = this.training } = options;
    checkBoolean('causal', causal);
    checkBoolean('training', training);
    const input = this.read(inputIds, options);
    const [batch, seq] = [input.rows.length, input.rows[0]!.length];
    const { logitsToKeep: kept = seq } = options;
    checkInteger('logitsToKeep', kept, { from: 1, to: seq });
    cache?.checkPass(this.config, { batch, seq, causal, training });
    const logits = (cache && seq === 1 && decodeStep(this, cache, input))
      || tf.tidy(() => {
        const keyMask = input.mask && tf.tensor2d(input.mask as number[][]);
        const random = training ? this.random : undefined;
        const x = this.walk(this.embed(input), { keyMask, causal, cache, random });
        return this.logits(kept < seq ? tf.slice(x, [0, seq - kept, 0]) : x);
      });
    cache?.advance(seq);
    return logits;
  }

  /** The input of a pass as rows of numbers, checked. */
  private read(inputIds: Ids, options: ForwardOptions): Input {
    const { attentionMask, positionIds, unchecked } = options;
    const past = options.cache?.length ?? 0;
    const rows = asRows('inputIds', inputIds);
    if (!unchecked) checkInputIds(rows, this.config, past);
    const [batch, seq] = [rows.length, rows[0]!.length];
    const mask = attentionMask && asRows('attentionMask', attentionMask);
    if (mask && !unchecked) checkGrid('attentionMask', mask, [batch, past + seq], 1);
    if (!positionIds) return { rows, mask, positions: [rows[0]!.map((_, t) => past + t)] };
    const positions = asRows('positionIds', positionIds);
    if (!unchecked) checkGrid('positionIds', positions, [batch, seq], this.config.nPositions - 1);
    return { rows, mask, positions };
  }

  /** Token and position vectors, added → [batch, seq, width]. */
  embed({ rows, positions }: Input): tf.Tensor3D {
    const vectors = (table: tf.Tensor, ids: Input['rows']): tf.Tensor3D =>
      ops.embedding(table, tf.tensor2d(ids as number[][], undefined, 'int32'));
    return tf.add(vectors(this.weights.tokens, rows), vectors(this.weights.positions, positions));
  }

  /**
   * The walk over the blocks: embedded tokens [batch, seq, width] → the hidden states after the
   * first `blocks` blocks, by default after all of them.
   */
  walk(embedded: tf.Tensor3D, options: PassOptions & { blocks?: number } = {}): tf.Tensor3D {
    const { blocks = this.config.nLayer, ...pass } = options;
    return tf.tidy(() => {
      let x: tf.Tensor = dropout(embedded, this.config.embdPdrop, pass.random);
      for (const [layer, weights] of this.weights.blocks.slice(0, blocks).entries())
        x = block(x, weights, { ...pass, config: this.config, layer });
      return x as tf.Tensor3D;
    });
  }

  /** Hidden states of the last block [batch, seq, width] → logits [batch, seq, vocab]. */
  logits(x: tf.Tensor): tf.Tensor3D {
    return ops.head(norm(x, this.weights.lastNorm, this), this.weights.head);
  }
}
