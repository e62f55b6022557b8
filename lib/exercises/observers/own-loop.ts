/** Runs a generate loop on the course's model, which comes in training mode (16.4). */
import { PULL_REQUESTS } from '../../base/paths';
import { GPT } from '../../model/gpt';
import { tf } from '../../tensor/tf';
import { toPlain } from '../plain';
import { asFunction, atOnce } from './calls';
import type { Observer } from './index';

interface Input {
  readonly ids: number[];
  readonly stopTokens: number[];
  readonly maxNewTokens: number;
}

/**
 * `text`: the ids that the answer returns. `left`: how many tensors it leaves behind. `noisy`: how
 * many passes ran with dropout.
 */
export const ownLoop: Observer = async (answer, input, notes) => {
  const { ids, stopTokens, maxNewTokens } = input as unknown as Input;
  const loop = asFunction(answer);
  const model = (await GPT.load(PULL_REQUESTS, { residPdrop: 0.5 })).train();
  const forward = model.forward.bind(model);
  let noisy = 0;
  model.forward = (rows, options) => {
    noisy += Number(options?.training ?? model.training);
    return forward(rows, options);
  };
  try {
    return tf.tidy(() => { // what is left behind is freed here
      const before = tf.memory().numTensors;
      const given = [...ids];
      const text = toPlain(atOnce(loop(model, given, [...stopTokens], maxNewTokens)));
      notes.changedInput = given.join() !== ids.join();
      return { text, left: tf.memory().numTensors - before, noisy } as never;
    });
  } finally {
    model.dispose();
  }
};
