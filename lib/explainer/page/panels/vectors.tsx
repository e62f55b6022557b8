/** The vectors of both modes: embeddings, hidden states after each layer, logits. */
import type { ContextView, InferenceView, TrainingView } from '../../engine/views';
import type { State } from '../../state';
import { commonOf, placeOf } from '../parts/places';
import { type Kind, Logits, Vectors } from '../parts/vectors';
import { useWords } from '../words';

interface Props {
  training: TrainingView;
  inference: InferenceView;
  context: ContextView;
  state: State;
}

export function VectorsPanel({ training, inference, context, state }: Props) {
  return (
    <div class="both">
      <OfTraining training={training} state={state} />
      <OfInference
        inference={inference}
        context={context}
        state={state}
        common={commonOf(training, inference)}
      />
    </div>
  );
}

/** All positions of the sentence, and the numbers of the selected one. */
function OfTraining({ training: { positions }, state }: Pick<Props, 'training' | 'state'>) {
  const { t } = useWords();
  const at = Math.min(state.position, positions.length - 1);
  const { input, embedding, hidden, distribution } = positions[at]!;
  const of = `training.positions.${at}`;
  const kinds: Kind[] = [
    { rows: positions.map((each) => each.embedding), of: `${of}.embedding` },
    ...hidden.map((_, i): Kind => ({ rows: positions.map((each) => each.hidden[i]!),
      of: `${of}.hidden.${i}` })
    ),
  ];
  return (
    <section id="vectors-training" aria-label={`${t('panelVectors')}: ${t('training')}`}>
      <h4 class="training">{t('trainingTitle')}</h4>
      <p>{t('vectorsLead', { width: embedding.length, token: input.text, position: at })}</p>
      <Vectors kinds={kinds} at={at} placeOf={String} />
      <Logits distribution={distribution} of={`${of}.distribution`} />
    </section>
  );
}

/** The context at the shown step, and the numbers of its newest token. */
function OfInference(
  { inference: { steps }, context: { tokens, embeddings, hidden }, state, common }:
    & Omit<Props, 'training'>
    & { common: number },
) {
  const { t } = useWords();
  const at = tokens.length - 1;
  const next = steps[state.step];
  const kinds: Kind[] = [
    { rows: embeddings, of: `context.embeddings.${at}` },
    ...hidden.map((rows, i): Kind => ({ rows, of: `context.hidden.${i}.${at}` })),
  ];
  return (
    <section id="vectors-inference" aria-label={`${t('panelVectors')}: ${t('inference')}`}>
      <h4 class="inference">{t('inferenceTitle')}</h4>
      <p>{t('vectorsNewest', { token: tokens[at]!.text, position: at })}</p>
      <Vectors kinds={kinds} at={at} placeOf={(position) => placeOf(position, common)} />
      {next && (
        <Logits
          distribution={next.distribution}
          of={`inference.steps.${state.step}.distribution`}
        />
      )}
    </section>
  );
}
