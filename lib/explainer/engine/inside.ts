/** What happens inside a pass: the vectors after each block, the attention weights of each head. */
import { attentionOf, attentionOfLayer } from '../../experiments/attention-head';
import type { GPT } from '../../model/gpt';
import { tf } from '../../tensor/tf';
import { EXAMPLES } from '../examples';
import type { State } from '../state';
import { tokensOf } from './distribution';
import { computeInference } from './inference';
import type { Models } from './models';
import type { AttendedView, ContextView, HeadView } from './views';

/**
 * The context at the shown step of inference, from inside: what its last position reads, and which
 * vectors a cache may keep, since no later token changes them.
 */
export async function computeContext(models: Models, state: State): Promise<ContextView> {
  const { name, model, ids } = await contextOf(models, state);
  return models.once('context', { name, ids }, () => {
    const [embeddings, ...hidden] = statesOf(model, ids, { causal: true });
    return Promise.resolve({ tokens: tokensOf(EXAMPLES[name], ids), embeddings: embeddings!,
      hidden });
  });
}

/** What the last position of the same context attends to, in the layer and head of the state. */
export async function computeAttended(models: Models, state: State): Promise<AttendedView> {
  const { layer, head } = state;
  const { name, model, ids } = await contextOf(models, state);
  return models.once('attended', { name, ids, layer, head }, () => {
    const { weights } = attentionOf(model, ids, { layer, head });
    return Promise.resolve({ layer, head, weights: weights.at(-1)! });
  });
}

/** The ids of the context at the shown step, and the model that reads it. */
async function contextOf(models: Models, state: State) {
  const { steps, sequence } = await computeInference(models, state);
  const tokens = steps[state.step]?.context ?? sequence;
  const { example: name } = state;
  return { name, model: await models.model(name), ids: tokens.map(({ id }) => id) };
}

/** The vectors before the first block and after each → [layers + 1][seq][width]. */
export function statesOf(
  model: GPT,
  ids: readonly number[],
  { causal }: { causal: boolean },
): number[][][] {
  return tf.tidy(() => {
    const embedded = model.embed({ rows: [ids], positions: [[...ids.keys()]] });
    const after = Array.from(
      { length: model.config.nLayer + 1 },
      (_, blocks) => model.walk(embedded, { causal, blocks }),
    );
    return after.map((states) => states.arraySync()[0]!);
  });
}

/** The attention weights of every head; null where the mask hides a key. */
export function headsOf(
  model: GPT,
  ids: readonly number[],
  { causal }: { causal: boolean },
): HeadView[] {
  return Array.from(
    { length: model.config.nLayer },
    (_, layer) =>
      attentionOfLayer(model, ids, { layer, causal }).map(({ weights }, head): HeadView => {
        const hide = (weight: number, i: number, j: number): number | null =>
          causal && j > i ? null : weight;
        const seen = weights.map((row, i) => row.map((weight, j) => hide(weight, i, j)));
        return { layer, head, weights: seen };
      }),
  ).flat();
}
