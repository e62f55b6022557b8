/**
 * AdamW: Adam with weight decay that is applied to the weights and not added to the gradient
 * (Loshchilov and Hutter 2019), as PyTorch computes it.
 */
import { check, checkNames, checkNumber } from '../base/checks';
import { normOf, power } from '../base/numbers';
import { variable } from '../tensor/memory';
import * as ops from '../tensor/ops';
import { tf } from '../tensor/tf';
import type { GPT } from '../model/gpt';

/** Settings of {@link adamW}, with PyTorch's names in camelCase and its defaults. */
export interface AdamWOptions {
  /** Step size. Default 1e-3. */
  learningRate?: number;
  /**
   * How much of the running mean of the gradient, and of its square, is kept at each step. Default
   * 0.9 and 0.999.
   */
  beta1?: number;
  beta2?: number;
  /** Keeps the division finite. Default 1e-8. */
  epsilon?: number;
  /**
   * Fraction of `learningRate` by which a weight shrinks at each step; matrices and embeddings
   * only. Default 0.01.
   */
  weightDecay?: number;
  /**
   * Largest norm of the gradient of all weights together; a longer one is scaled down to it before
   * the step, as by PyTorch's `clip_grad_norm_` (Pascanu et al. 2013). Default 0: none is.
   */
  maxGradNorm?: number;
}

/** The running means of one weight, in its shape. */
type Moments = Readonly<Record<'weight' | 'mean' | 'square', tf.Variable> & { name: string }>;

/** The optimizer of one model: the running means of its gradients, and the step that uses them. */
export interface Optimizer {
  /** Whose weights it changes. */
  readonly model: GPT;
  /** May be changed between steps, for a schedule. */
  learningRate: number;
  /** Number of steps taken. */
  steps: number;
  /** Those that it was made with, and the defaults. */
  readonly settings: Required<AdamWOptions>;
  /** The running means of each weight's gradient, and of its square; {@link step} changes them. */
  readonly moments: readonly Moments[];
  /**
   * Changes the model's weights by one step. `gradients` by weight name; they are not disposed.
   * @throws Error if one is missing; RangeError if their norm is wanted and not finite
   */
  step(gradients: Record<string, tf.Tensor>): void;
  /** Frees the running means. */
  dispose(): void;
}

const DEFAULTS = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01,
  maxGradNorm: 0 };

/** The names of all settings. */
export const ADAMW_SETTINGS = Object.keys(DEFAULTS);

/**
 * An optimizer for all weights of `model`.
 * @throws RangeError on a setting that is unknown or outside its range
 */
export function adamW(model: GPT, options: AdamWOptions = {}): Optimizer {
  checkNames('setting', options, ADAMW_SETTINGS);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const settings = { ...DEFAULTS, ...Object.fromEntries(given) };
  for (const [name, value] of Object.entries(settings))
    checkNumber(name, value, name.startsWith('beta') ? { from: 0, below: 1 } : { from: 0 });
  const { learningRate, beta1, beta2, epsilon, weightDecay, maxGradNorm } = settings;
  const moments = [...model.parameters].map(([name, weight]) => {
    const zeros = (): tf.Variable => variable(() => tf.zeros(weight.shape));
    return { name, weight, mean: zeros(), square: zeros() };
  });
  return {
    model,
    learningRate,
    steps: 0,
    settings,
    moments,
    step(gradients) {
      const missing = moments.find(({ name }) => !gradients[name])?.name;
      if (missing !== undefined) throw new Error(`no gradient for ${missing}`);
      const values = maxGradNorm > 0 ? moments.map(({ name }) => gradients[name]!.dataSync()) : [];
      const norm = normOf(values);
      check(Number.isFinite(norm), 'the norm of the gradients', 'finite', norm);
      const scale = norm > 0 ? Math.min(1, maxGradNorm / (norm + 1e-6)) : 1; // 1e-6 as PyTorch
      this.steps += 1;
      const stepSize = this.learningRate / (1 - power(beta1, this.steps));
      const rootScale = 1 / Math.sqrt(1 - power(beta2, this.steps));
      const common = { beta1, beta2, epsilon, stepSize, rootScale, scale };
      for (const { name, weight, mean, square } of moments) {
        const decay = weight.rank >= 2 ? 1 - this.learningRate * weightDecay : 1;
        ops.adamWUpdate(weight, gradients[name]!, mean, square, { ...common, decay });
      }
    },
    dispose() {
      for (const { mean, square } of moments) tf.dispose([mean, square]);
    },
  };
}
