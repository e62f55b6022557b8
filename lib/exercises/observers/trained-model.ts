/** The course's trained model, for observers and for the sources of the exercises. */
import { PULL_REQUESTS } from '../../base/paths';
import { GPT } from '../../model/gpt';

let loading: Promise<GPT> | undefined;

/** The model in inference mode; loaded once, and again if a source has disposed it. */
export async function trainedModel(): Promise<GPT> {
  const model = await loading;
  if (model && !model.weights.tokens.isDisposed) return model.eval();
  loading = GPT.load(PULL_REQUESTS);
  return loading;
}
