/** ONE → ONE: a run of the library's `generate`, pass by pass (16.3, 16.4). */
import { generate } from '../../inference/generate';
import type { GenerateOptions } from '../../inference/options';
import { type Example, EXAMPLES } from '../examples';
import type { State } from '../state';
import { watchBeams } from './beam-run';
import { distributionAfter, processorsOf, tokenOf, tokensOf } from './distribution';
import type { Models } from './models';
import type { GenerationStep, InferenceView, WorkDone } from './views';
import { seePasses, workOf } from './work';

/** A run, and the work of each pass. */
export interface Run {
  readonly view: InferenceView;
  readonly work: readonly WorkDone[];
}

/** The options of `generate` in a state. Settings of other strategies are left out. */
export function requestOptions(state: State): GenerateOptions {
  const { maxNewTokens, useCache, strategy, seed, repetitionPenalty } = state;
  const common = { maxNewTokens, useCache, repetitionPenalty };
  if (strategy === 'greedy') return common;
  if (strategy === 'sampling') return { ...common, ...processorsOf(state), seed };
  return { ...common, numBeams: state.numBeams, lengthPenalty: state.lengthPenalty };
}

/** What a run depends on. */
function inputsOf(state: State): object {
  return { example: state.example, prompt: state.prompt, ...requestOptions(state) };
}

/**
 * The whole run from the prompt of a state to the end token or the limit. With beams, the steps are
 * those that led to the best sequence. The prompt is checked by `checkState`.
 */
export async function inferenceRun(models: Models, state: State): Promise<Run> {
  const model = await models.model(state.example);
  return models.once('inference', inputsOf(state), async () => {
    const example = EXAMPLES[state.example];
    const prompt = example.encode(state.prompt);
    const options = requestOptions(state);
    if (state.strategy === 'beams') {
      const { logitsOf, finished, passes } = await watchBeams(model, prompt, options);
      const [best] = finished.at(-1)!;
      const logits = best!.ids.slice(prompt.length).map((_, i) =>
        logitsOf(best!.ids.slice(0, prompt.length + i))
      );
      const view = viewOf(example, state, prompt, best!.ids, logits);
      return { view: { ...view, passes: passes.length }, work: passes.map((pass) =>
        workOf(model, [pass])
      ) };
    }
    const ids = [...prompt];
    const passes = await seePasses(
      model,
      () => generate(model, [prompt], { ...options, onToken: (token) => ids.push(token) }),
    );
    const view = viewOf(example, state, prompt, ids, passes.map(({ logits }) => logits));
    return { view, work: passes.map((pass) => workOf(model, [pass])) };
  });
}

/** The run of {@link inferenceRun} as its panel draws it. */
export async function computeInference(models: Models, state: State): Promise<InferenceView> {
  return (await inferenceRun(models, state)).view;
}

function viewOf(
  example: Example,
  state: State,
  prompt: readonly number[],
  ids: readonly number[],
  logits: readonly ArrayLike<number>[],
): InferenceView {
  const steps = logits.map((scores, step): GenerationStep => {
    const context = ids.slice(0, prompt.length + step);
    return {
      context: tokensOf(example, context),
      ...positionsOf(context.length, step, state.useCache),
      distribution: distributionAfter(example, context, scores, processorsOf(state)),
      chosen: tokenOf(example, ids[context.length]!),
    };
  });
  const isLimit = steps.length === state.maxNewTokens && !isEnd(example, ids);
  return { prompt: tokensOf(example, prompt), steps, passes: steps.length,
    sequence: tokensOf(example, ids), end: isLimit ? 'limit' : 'end token' };
}

/** Whether a text ends with the end token. */
export const isEnd = ({ vocabulary }: Example, ids: readonly number[]): boolean =>
  vocabulary[ids.at(-1)!] === '<eos>';

/** Which positions a pass of generation computes, computes again, and takes from the cache. */
function positionsOf(
  length: number,
  step: number,
  useCache: boolean,
): Pick<GenerationStep, 'computed' | 'recomputed' | 'cached'> {
  const all = Array.from({ length }, (_, position) => position);
  if (step === 0) return { computed: all, recomputed: [], cached: [] };
  if (useCache) return { computed: [length - 1], recomputed: [], cached: all.slice(0, -1) };
  return { computed: all, recomputed: all.slice(0, -1), cached: [] };
}
