/** A training that goes on where it was saved. */
import { readTraining, type Resumed } from '../files/training-files';
import { GPT } from '../model/gpt';
import { tf } from '../tensor/tf';
import { adamW, type Optimizer } from '../training/adamw';

/** A training between two steps. */
export type Training = Resumed & { model: GPT; optimizer: Optimizer };

/**
 * The training that `saveTraining` has saved in `folder`, the model in the mode that it had:
 * `train(model, batches, { steps, optimizer, losses })`, with batches of `random` made as before,
 * gives the same bits as a training without the stop; so does `evaluation: heldOut({ …, from:
 * evaluation })`.
 * @throws Error that names the file that is missing, unreadable or of a different save, and says
 *   what was wanted
 */
export async function loadTraining(folder: string): Promise<Training> {
  const { settings, steps, training, dropout, moments, ...rest } = await readTraining(folder);
  const model = await GPT.load(folder);
  const optimizer = adamW(model, settings);
  for (const { name, mean, square } of optimizer.moments) {
    const saved = moments(name, mean.shape);
    tf.tidy(() => mean.assign(tf.tensor(saved.mean, mean.shape)));
    tf.tidy(() => square.assign(tf.tensor(saved.square, mean.shape)));
  }
  const best = rest.evaluation?.best;
  if (best && shapesOf(best) !== shapesOf(model.parameters))
    throw new Error(`${folder}: best.safetensors must hold the same weights as model.safetensors`);
  model.random.state = dropout;
  [model.training, optimizer.steps] = [training, steps];
  return { model, optimizer, ...rest };
}

const shapesOf = (weights: ReadonlyMap<string, { shape: readonly number[] }>): string =>
  JSON.stringify([...weights].map(([name, { shape }]) => [name, shape]));
