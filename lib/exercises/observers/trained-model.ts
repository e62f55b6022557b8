/** The course's trained model, for observers and for the answers of the exercises themselves. */
import { PULL_REQUESTS } from '../../base/paths';
import { GPT } from '../../model/gpt';

let model: Promise<GPT> | undefined;

/** The model that 16.1 calls `writer` and 16.2 `model`, in inference mode; loaded once. */
export const trainedModel = (): Promise<GPT> => (model ??= GPT.load(PULL_REQUESTS));
