/**
 * AdamW: Adam with weight decay beside the gradient, not in it (Loshchilov and Hutter 2019), as
 * PyTorch computes it.
 */
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
}

/** The optimizer of one model: what it remembers of earlier gradients, and how it takes a step. */
export interface AdamW {
  /** May be changed between steps, for a schedule. */
  learningRate: number;
  /** Number of steps taken. */
  readonly steps: number;
  /** Changes the model's weights by one step. `gradients` by weight name; they are not disposed. */
  step(gradients: Record<string, tf.Tensor>): void;
  /** Frees what it remembers. */
  dispose(): void;
}

/**
 * An optimizer for all weights of `model`.
 * @throws RangeError on a setting outside its range or of another name
 */
export function adamW(model: GPT, options: AdamWOptions = {}): AdamW {
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01,
    ...unknown } = options;
  for (const name of Object.keys(unknown)) {
    throw new RangeError(
      `unknown setting ${name}; known are learningRate, beta1, beta2, epsilon, weightDecay`,
    );
  }
  for (
    const [name, value, most] of [['learningRate', learningRate, Infinity], [
      'epsilon',
      epsilon,
      Infinity,
    ], ['weightDecay', weightDecay, Infinity]] as const
  ) {
    if (!(typeof value === 'number' && value >= 0 && value < most))
      throw new RangeError(`${name} must be at least 0 and finite, got ${value}`);
  }
  for (const [name, value] of [['beta1', beta1], ['beta2', beta2]] as const) {
    if (!(typeof value === 'number' && value >= 0 && value < 1))
      throw new RangeError(`${name} must be in [0, 1), got ${value}`);
  }
  const moments = new Map<string, { mean: tf.Variable; square: tf.Variable }>();
  for (const [name, weight] of model.parameters) {
    const zeros = (): tf.Variable => tf.tidy(() => tf.variable(tf.zeros(weight.shape), false));
    moments.set(name, { mean: zeros(), square: zeros() });
  }
  let steps = 0;
  // beta1 and beta2 to the power of `steps`, by multiplication: the same on any machine
  let [power1, power2] = [1, 1];
  return {
    learningRate,
    get steps() {
      return steps;
    },
    step(gradients) {
      steps += 1;
      [power1, power2] = [power1 * beta1, power2 * beta2];
      for (const [name, weight] of model.parameters) {
        const gradient = gradients[name];
        if (!gradient)
          throw new Error(
            `no gradient for ${name}; there are ${Object.keys(gradients).join(', ')}`,
          );
        const { mean, square } = moments.get(name)!;
        const decay = weight.rank >= 2 ? 1 - this.learningRate * weightDecay : 1;
        ops.adamWUpdate(weight, gradient, mean, square, {
          beta1,
          beta2,
          epsilon,
          decay,
          stepSize: this.learningRate / (1 - power1),
          rootScale: 1 / Math.sqrt(1 - power2),
        });
      }
    },
    dispose() {
      for (const { mean, square } of moments.values()) tf.dispose([mean, square]);
    },
  };
}
