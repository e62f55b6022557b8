/** What the engine computes for a state, kept until the next is ready: the page never flickers. */
import { useEffect, useState } from 'preact/hooks';
import { breathe } from '../../base/interrupt';
import { computeBatch } from '../engine/batch';
import { computeBeam } from '../engine/beams';
import { computeCounter } from '../engine/counter';
import { computeDropout } from '../engine/dropout';
import { computeEightTokens } from '../engine/eight-tokens';
import { computeInference } from '../engine/inference';
import { computeAttended, computeContext } from '../engine/inside';
import type { Models } from '../engine/models';
import { computeQuestion } from '../engine/questions';
import { computeRoads } from '../engine/roads';
import { computeTraining } from '../engine/training';
import { QUESTIONS } from '../presets';
import type { State } from '../state';
import { loadFor, MissingFile } from './load-files';
import type { Update } from './use-address';

/** A function of the engine for each view. */
export const COMPUTE = {
  training: computeTraining,
  inference: computeInference,
  counter: computeCounter,
  attended: computeAttended,
  context: computeContext,
  roads: computeRoads,
  beams: computeBeam,
  batch: computeBatch,
  dropout: computeDropout,
  eightTokens: computeEightTokens,
  questions: (models: Models) =>
    Promise.all(QUESTIONS.map(({ id }) => computeQuestion(models, id))),
};

type ViewName = keyof typeof COMPUTE;

/** All views, by name; those that the state does not need are missing. */
export type Views = { [K in ViewName]?: Awaited<ReturnType<typeof COMPUTE[K]>> };

/** The views that a state needs, in the order in which they are computed. */
export function viewsFor({ panel, example }: State): ViewName[] {
  const ofPanel: Partial<Record<State['panel'], ViewName[]>> = {
    beams: ['beams'],
    batch: ['batch'],
    dropout: ['dropout'],
    presets: ['questions'],
    vectors: ['context', ...(example === 'eight-tokens' ? ['eightTokens' as const] : [])],
  };
  return ['training', 'inference', 'counter', 'attended', 'roads', ...ofPanel[panel] ?? []];
}

/** A state, and what belongs to it. */
export interface ShownState {
  state: State;
  views: Views;
  /** Whether all views are there: the modes are shown before the rest when the page begins. */
  isComplete: boolean;
}

/**
 * What the parts of the page are given: what is shown, and the latest state, which controls have at
 * once, before its views are there.
 */
export interface PartProps {
  shown: ShownState;
  state: State;
  update: Update;
}

/** Why the views of a state could not be computed: a missing file, or what the console says. */
interface Failure {
  file?: string;
}

interface Result {
  shown?: ShownState;
  trouble?: Failure;
}

/** The latest state whose views are there, and what kept those of the last state away. */
export function useViews(models: Models, state: State): Result {
  const [result, setResult] = useState<Result>({});
  useEffect(() => {
    let isLatest = true;
    const compute = async (): Promise<void> => {
      try {
        await loadFor(state);
        const views: Record<string, unknown> = {};
        for (const name of viewsFor(state)) {
          views[name] = await COMPUTE[name](models, state);
          if (!isLatest) return;
          if (name === 'counter') {
            const first = { state, views: { ...views }, isComplete: false };
            setResult((before) => before.shown ? before : { shown: first });
          }
          await breathe(); // the browser draws, so that no frame waits for all views
        }
        setResult({ shown: { state, views, isComplete: true } });
      } catch (error) {
        if (!isLatest) return;
        const trouble = error instanceof MissingFile ? { file: error.file } : {};
        if (!trouble.file) console.error(error);
        setResult(({ shown }) => ({ ...(shown && { shown }), trouble }));
      }
    };
    void compute();
    return () => {
      isLatest = false;
    };
  }, [models, state]);
  return result;
}
