/**
 * Frees what a failed gradient leaves behind. TensorFlow.js keeps the tensors that a backward pass
 * needs on a list and frees them at its end; where the pass fails or is interrupted, it forgets to.
 */
import { tf } from '../tf';

/** A recorded operation. */
interface TapeNode {
  readonly saved?: readonly tf.Tensor[];
}

let done = false;

/** Makes all functions that compute gradients clean up, once. */
export function freeFailedGradients(): void {
  if (done) return;
  done = true;
  const engine = tf.engine();
  const gradients = engine.gradients.bind(engine);
  engine.gradients = (...call) =>
    tf.tidy(() => {
      try {
        return gradients(...call);
      } catch (error) {
        if (engine.state.gradientDepth === 0) freeTape();
        throw error;
      }
    });
}

function freeTape(): void {
  const { state } = tf.engine();
  for (const { saved } of state.activeTape as readonly TapeNode[]) tf.dispose([...(saved ?? [])]);
  state.activeTape = [];
}
