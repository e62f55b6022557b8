/** Runs a generate loop on the course's model, which comes in training mode (16.4). */
import { PULL_REQUESTS } from '../../base/paths';
import { GPT } from '../../model/gpt';
import { tf } from '../../tensor/tf';
import { toPlain } from '../plain';
import { asFunction, atOnce } from './calls';
import { tokensMissed, watchEveryModel } from './every-model';
import type { Observer } from './index';

interface Input {
  readonly ids: number[];
  readonly stopTokens: number[];
  readonly maxNewTokens: number;
}

/**
 * `text`: the ids that the answer returns. `left`: how many tensors it leaves behind. `noisy`: how
 * many passes ran with dropout. `missed`: how many tokens of its context the last pass did not
 * read, if the text became longer.
 */
export const ownLoop: Observer = async (answer, input, notes) => {
  const { ids, stopTokens, maxNewTokens } = input as unknown as Input;
  const loop = asFunction(answer);
  const model = (await GPT.load(PULL_REQUESTS, { residPdrop: 0.5 })).train();
  try {
    return tf.tidy(() => { // what is left behind is freed here
      const given = [...ids];
      const { result: text, passes, tensorsLeft: left } = watchEveryModel(() =>
        toPlain(atOnce(loop(model, given, [...stopTokens], maxNewTokens)))
      );
      notes.changedInput = given.join() !== ids.join();
      const noisy = passes.filter(({ training }) => training).length;
      const isLonger = Array.isArray(text) && text.length > ids.length;
      return { text, left, noisy,
        missed: isLonger ? tokensMissed(passes, text.length) : 0 } as never;
    });
  } finally {
    model.dispose();
  }
};
