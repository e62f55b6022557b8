/** The course's trained model, loaded once for all exercises whose sources use it. */
import { GPT } from '../../model/gpt';
import { PULL_REQUESTS } from '../../base/paths';

let loaded: Promise<GPT> | undefined;

/** In inference mode. */
export async function trainedModel(): Promise<GPT> {
  loaded ??= GPT.load(PULL_REQUESTS);
  return (await loaded).eval();
}
