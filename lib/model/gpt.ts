/** GPT-2: from token ids to logits, one function for training and for inference alike. */
import { ready } from '../tensor/backend';
import { dropout } from '../tensor/dropout';
import { throwIfInterrupted } from '../base/interrupt';
import * as ops from '../tensor/ops';
import { Random } from '../base/random';
import { tf } from '../tensor/tf';
import { KVCache } from './cache';
import { readCheckpoint, writeCheckpoint } from './checkpoint';
import { attentionScale, completeConfig, type DropoutRates, type GPTConfig,
  type GPTOptions } from './config';
import { checkpointFolder, type HubOptions } from '../files/hub';
import { asRows, checkGrid, checkInputIds, type Ids } from './inputs';
import { allocate, initialValues, type Parameters } from './weights';

/** Options of {@link GPT.forward}. */
export interface ForwardOptions {
  /**
   * `[batch, seq]`: 1 for a real token, 0 for padding, which no position may attend to (16.5.2).
   * Default: all real. With a cache, the tokens that it holds come first:
   * `[batch, cache.length + seq]`.
   */
  attentionMask?: Ids;
  /**
   * `[batch, seq]`: the place of each token. Default 0, 1, 2, … in every row (from `cache.length`
   * on with a cache), also under padding: shift them yourself.
   */
  positionIds?: Ids;
  /**
   * From {@link GPT.createCache}: `inputIds` are then only what follows the tokens that it holds,
   * and are added to it (16.6.4).
   */
  cache?: KVCache;
  /** Whether dropout is at work. Default: what `train()` or `eval()` said last. */
  training?: boolean;
  /**
   * Only the logits of this many last positions, as decoding needs (16.4.2): → [batch,
   * logitsToKeep, vocab]. Default all.
   */
  logitsToKeep?: number;
  /** False takes the causal mask away, so that training can cheat (16.2.3). Default true. */
  causal?: boolean;
}

export class GPT {
  /**
   * Whether the model is in training mode, as new models are; `generate` refuses to run then
   * (16.4.2).
   */
  training = true;

  private lists: ops.Network | undefined;

  private constructor(
    readonly config: Readonly<GPTConfig>,
    /** The weights by name. Training changes their values in place. */
    readonly parameters: Parameters,
    /** Where dropout masks come from. */
    private readonly random: Random,
  ) {}

  /**
   * A model with new weights, the same for the same `config` and `seed` on any machine.
   * @throws RangeError on a configuration that cannot be
   */
  static async create(config: GPTOptions, seed = 0): Promise<GPT> {
    const complete = completeConfig(config);
    await ready();
    const random = new Random(seed);
    return new GPT(
      complete,
      await allocate(complete, (name, shape) => initialValues(name, shape, complete, random)),
      random,
    );
  }

  /**
   * A model from a folder that holds `config.json` and `model.safetensors` (or its parts and their
   * index) as Hugging Face transformers writes a GPT-2, in float32, float16 or bfloat16 (converted
   * to float32), or from the Hugging Face hub, given its id, such as `openai-community/gpt2`: see
   * {@link checkpointFolder}. It comes in inference mode. Dropout rates replace those of
   * `config.json`: they are no property of the weights, and a further training may want others
   * (16.6.3).
   * @throws Error if a file is missing, truncated, mislabelled or holds another model, or cannot be
   *   downloaded
   * @throws RangeError if a rate is not in [0, 1)
   */
  static async load(source: string, options: DropoutRates & HubOptions = {}): Promise<GPT> {
    const { revision, onProgress, ...rates } = options;
    const { config: stored, read, close } = await readCheckpoint(
      await checkpointFolder(source, { revision, onProgress }),
    );
    try {
      const asked = Object.fromEntries(
        Object.entries(rates).filter(([, rate]) => rate !== undefined),
      );
      const config = completeConfig({ ...stored, ...asked });
      await ready();
      return new GPT(config, await allocate(config, read), new Random(0)).eval();
    } finally {
      await close();
    }
  }

  /**
   * Writes `config.json` and `model.safetensors` into `dir`, which is made if need be, as Hugging
   * Face transformers does.
   * @throws Error if `dir` cannot be written
   */
  async save(dir: string): Promise<void> {
    await writeCheckpoint(dir, this.config, this.parameters);
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
   * One pass over whole sequences (16.2.2): `inputIds` [batch, seq] → logits [batch, seq, vocab].
   * The logits at a position depend on the tokens up to it and no further, and predict the token
   * after it.
   * @throws RangeError on ids, masks or positions that do not fit, before any tensor is made
   * @throws Error if the model or the cache was disposed, or the cache is another model's
   */
  forward(inputIds: Ids, options: ForwardOptions = {}): tf.Tensor3D {
    throwIfInterrupted();
    if (this.weight('wte.weight').isDisposed)
      throw new Error('this model was disposed: its weights are gone; load or create it anew');
    const { cache } = options;
    const past = cache?.length ?? 0;
    const rows = asRows('inputIds', inputIds);
    checkInputIds(rows, this.config, past);
    const [batch, seq] = [rows.length, rows[0]!.length];
    const positions = options.positionIds
      ? asRows('positionIds', options.positionIds)
      : [rows[0]!.map((_, t) => past + t)];
    checkGrid(
      'positionIds',
      positions,
      options.positionIds ? batch : 1,
      seq,
      this.config.nPositions - 1,
    );
    const mask = options.attentionMask && asRows('attentionMask', options.attentionMask);
    if (mask) checkGrid('attentionMask', mask, batch, past + seq, 1);
    const kept = options.logitsToKeep ?? seq;
    if (!Number.isInteger(kept) || kept < 1 || kept > seq)
      throw new RangeError(`logitsToKeep must be from 1 to ${seq}, got ${kept}`);
    if (cache) {
      this.checkCache(cache, batch, seq, options);
      const places = options.positionIds ? positions.flat() : rows.map(() => past);
      const step = { ids: rows.flat(), positions: places, past, keyMask: mask };
      const logits = seq === 1
        ? ops.decodeStep(this.lists ??= this.network(), cache.layers, step)
        : undefined;
      if (logits) {
        cache.length += 1;
        return logits;
      }
    }
    return tf.tidy(() => {
      const embedded = this.embed(
        tf.tensor2d(rows as number[][], undefined, 'int32'),
        tf.tensor2d(positions as number[][], undefined, 'int32'),
      );
      const keyMask = mask && tf.tensor2d(mask as number[][]);
      const logits = this.forwardEmbedded(embedded, { ...options, keyMask });
      if (cache) cache.length += seq;
      return logits;
    });
  }

  /**
   * An empty cache for `batchSize` sequences of at most `capacity` tokens, by default a whole
   * context, to be passed to {@link forward} and disposed at the end (16.6.4).
   * @throws RangeError on a size that is no whole number of at least 1, or a capacity above the
   *   context
   */
  createCache(batchSize = 1, capacity = this.config.nPositions): KVCache {
    return new KVCache(this.config, batchSize, capacity);
  }

  private checkCache(cache: KVCache, batch: number, seq: number, options: ForwardOptions): void {
    cache.checkUsable(this.config, seq);
    if (cache.batchSize !== batch)
      throw new RangeError(`the cache is for ${cache.batchSize} sequences, got ${batch}`);
    if (options.training ?? this.training)
      throw new Error('a cache is for inference, where dropout is off; call model.eval() first');
    if (options.causal === false)
      throw new RangeError(
        'a cache needs causal attention: earlier tokens must not depend on later ones',
      );
  }

  /**
   * Token and position vectors, added: ids [batch, seq] and positions [batch or 1, seq] → [batch,
   * seq, width].
   */
  embed(ids: tf.Tensor2D, positions: tf.Tensor2D): tf.Tensor3D {
    return tf.add<tf.Tensor3D>(
      ops.embedding(this.matrix('wte.weight'), ids),
      ops.embedding(this.matrix('wpe.weight'), positions),
    );
  }

  /**
   * From embedded tokens [batch, seq, width] to logits [batch, seq, vocab]: the blocks, the last
   * norm and the head.
   */
  forwardEmbedded(embedded: tf.Tensor3D, options: BlockOptions = {}): tf.Tensor3D {
    return tf.tidy(() => {
      let x: tf.Tensor = this.drop(embedded, this.config.embdPdrop, options);
      for (let layer = 0; layer < this.config.nLayer; layer++) x = this.block(layer, x, options);
      const kept = options.logitsToKeep;
      if (kept !== undefined) x = tf.slice(x, [0, x.shape[1]! - kept, 0]);
      x = this.norm('ln_f', x);
      return ops.head(
        x as tf.Tensor3D,
        this.matrix(this.config.tieWordEmbeddings ? 'wte.weight' : 'lm_head.weight'),
      );
    });
  }

  /**
   * One transformer block, [batch, seq, width] → the same: attention looks back, the MLP thinks
   * about each position.
   */
  block(layer: number, x: tf.Tensor, options: BlockOptions = {}): tf.Tensor {
    const { attnPdrop, residPdrop } = this.config;
    const h = `h.${layer}`;
    // [batch, seq, 3·width]
    const qkv = this.linear(`${h}.attn.c_attn`, this.norm(`${h}.ln_1`, x)) as tf.Tensor3D;
    const scale = attentionScale(this.config, layer);
    const { cache } = options;
    const attention = { ...options, scale, dropout: this.isDropping(attnPdrop, options)
      ? (w: tf.Tensor) => dropout(w, attnPdrop, this.random)
      : undefined };
    const mixed = cache
      ? ops.cachedSelfAttention(
        qkv,
        cache.layers[layer]!,
        cache.length,
        this.config.nHead,
        attention,
      )
      : ops.causalSelfAttention(qkv, this.config.nHead, attention); // [batch, seq, width]
    const attended = tf.add(
      x,
      this.drop(this.linear(`${h}.attn.c_proj`, mixed), residPdrop, options),
    );
    // [batch, seq, inner]
    const hidden = ops.gelu(this.linear(`${h}.mlp.c_fc`, this.norm(`${h}.ln_2`, attended)));
    return tf.add(attended, this.drop(this.linear(`${h}.mlp.c_proj`, hidden), residPdrop, options));
  }

  /** The weights as lists, for decoding a token in one go. */
  private network(): ops.Network {
    const pair = (
      name: string,
    ): [tf.Tensor, tf.Tensor] => [this.weight(`${name}.weight`), this.weight(`${name}.bias`)];
    const layer = (h: string, i: number): ops.Network['layers'][number] => ({
      scale: attentionScale(this.config, i),
      norm1: pair(`${h}.ln_1`),
      qkv: pair(`${h}.attn.c_attn`),
      project: pair(`${h}.attn.c_proj`),
      norm2: pair(`${h}.ln_2`),
      up: pair(`${h}.mlp.c_fc`),
      down: pair(`${h}.mlp.c_proj`),
    });
    return {
      nHead: this.config.nHead,
      epsilon: this.config.layerNormEpsilon,
      tokens: this.weight('wte.weight'),
      positions: this.weight('wpe.weight'),
      layers: Array.from({ length: this.config.nLayer }, (_, i) => layer(`h.${i}`, i)),
      lastNorm: pair('ln_f'),
      head: this.weight(this.config.tieWordEmbeddings ? 'wte.weight' : 'lm_head.weight'),
    };
  }

  private norm(name: string, x: tf.Tensor): tf.Tensor {
    return ops.layerNorm(
      x,
      this.vector(`${name}.weight`),
      this.vector(`${name}.bias`),
      this.config.layerNormEpsilon,
    );
  }

  private linear(name: string, x: tf.Tensor): tf.Tensor {
    return ops.linear(x, this.matrix(`${name}.weight`), this.vector(`${name}.bias`));
  }

  private drop<T extends tf.Tensor>(x: T, rate: number, options: BlockOptions): T {
    return this.isDropping(rate, options) ? (dropout(x, rate, this.random) as T) : x;
  }

  private isDropping(rate: number, options: BlockOptions): boolean {
    return rate > 0 && (options.training ?? this.training);
  }

  private matrix(name: string): tf.Tensor2D {
    return this.weight(name) as tf.Tensor as tf.Tensor2D;
  }

  private vector(name: string): tf.Tensor1D {
    return this.weight(name) as tf.Tensor as tf.Tensor1D;
  }

  private weight(name: string): tf.Variable {
    const weight = this.parameters.get(name);
    if (!weight)
      throw new Error(
        `no weight named ${name}; there are ${[...this.parameters.keys()].join(', ')}`,
      );
    return weight;
  }
}

/** What a block needs to know beside its input. */
export interface BlockOptions
  extends Pick<ForwardOptions, 'training' | 'causal' | 'logitsToKeep' | 'cache'>
{
  /** `[batch, seq]` of 1 and 0, float32. */
  keyMask?: tf.Tensor2D;
}
