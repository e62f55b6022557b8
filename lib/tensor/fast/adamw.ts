/** AdamW on the kernels: weight, both moments and gradient in one pass, changed in place. */
import type { AdamWStep } from '../plain';
import { tf } from '../tf';
import type { Machine } from './machine';
import { wantFloats, wantShape } from './tensor-checks';

/**
 * The fast form of `adamWUpdate` in plain.ts. A variable that shares its memory with another tensor
 * gets a copy of its own first.
 */
export function adamWUpdate(machine: Machine, weight: tf.Variable, gradient: tf.Tensor,
  mean: tf.Variable, square: tf.Variable, step: AdamWStep): void
{
  wantFloats('adamWUpdate', { weight, gradient, mean, square });
  for (const [name, tensor] of Object.entries({ gradient, mean, square }))
    wantShape('adamWUpdate', name, tensor, weight.shape);
  for (const variable of [weight, mean, square])
    if (machine.isShared(variable)) tf.tidy(() => variable.assign(tf.add(variable, 0)));
  machine.kernels.adamWTiles(machine.pointer(weight), machine.pointer(gradient),
    machine.pointer(mean), machine.pointer(square), weight.size, step.beta1,
    (1 - step.beta1) * step.scale, step.beta2, (1 - step.beta2) * step.scale * step.scale,
    step.epsilon, step.decay, step.stepSize, step.rootScale);
  for (const variable of [weight, mean, square]) machine.changed(variable);
}
