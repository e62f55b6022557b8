/** Training, ALL → ALL: one pass over the sentence, with a loss at every position. */
import { EXAMPLES } from '../examples';
import { promptFor } from '../prompt-for';
import { type State, STATE_RANGES } from '../state';
import { Button } from './parts/button';
import { Distribution } from './parts/distribution';
import { TextField } from './parts/field';
import { Num } from './parts/number';
import { attendedBy, PassRows } from './parts/pass-rows';
import { Select, Switch } from './parts/switch';
import type { Update } from './use-address';
import type { PartProps } from './use-views';
import { type TextKey, useWords } from './words';

/** Without the mask: one example has a model that was trained so, the other has not. */
const WITHOUT: Record<State['example'], TextKey> = { 'pull-requests': 'causalOff',
  'eight-tokens': 'causalOffUntaught' };

export function TrainingSide({ shown: { state: seen, views }, state, update }: PartProps) {
  const words = useWords();
  const { t, number } = words;
  const training = views.training!;
  const { positions, heads, meanLoss, exactMeanLoss, history, causal } = training;
  const fallen = positions.filter(({ loss }, i) => loss < history[0]!.losses[i]!).length;
  const at = Math.min(seen.position, positions.length - 1);
  const position = positions[at]!;
  const index = heads.findIndex(({ layer, head }) => layer === seen.layer && head === seen.head);
  const { layers, heads: headCount } = EXAMPLES[state.example];
  const select = (next: number): void => update({ position: next }, false);
  return (
    <section class="side training" aria-labelledby="training-title">
      <h2 id="training-title">{t('trainingTitle')}</h2>
      <p>{t('trainingLead')}</p>
      <TextField
        name="sentence"
        label={t('sentence')}
        state={state}
        update={update}
        also={(sentence) => ({ trainingSteps: 0, ...promptFor(sentence, state) })}
      />
      <div class="controls">
        <Switch
          name="causal"
          label={t('causal')}
          on={state.causal}
          set={(on) => update({ causal: on, trainingSteps: 0 })}
        />
        <Choose label={t('layer')} name="layer" count={layers} state={state} update={update} />
        <Choose label={t('head')} name="head" count={headCount} state={state} update={update} />
      </div>
      <p class="note" id="causal-note">{t(causal ? 'causalOn' : WITHOUT[seen.example])}</p>
      <PassRows
        positions={positions}
        before={seen.trainingSteps > 0 ? history[0]!.losses : undefined}
        weights={heads[index]!.weights}
        of={`training.heads.${index}.weights`}
        selected={at}
        select={select}
      />
      <p class="note" id="attended-at">
        {t('attendedAt', { token: position.input.text,
          list: attendedBy(heads[index]!.weights[at]!, positions, words) })}
      </p>
      <p>
        <strong>
          <Num of="training.meanLoss" value={meanLoss} class="visually-hidden" />
          {exactMeanLoss === null
            ? t('meanLossAlone', { loss: number(meanLoss) })
            : t('meanLoss', { loss: number(meanLoss), exact: number(exactMeanLoss) })}
        </strong>
      </p>
      <div class="controls">
        <Button
          id="train-step"
          works={state.trainingSteps < STATE_RANGES.trainingSteps.to}
          onClick={() => update({ trainingSteps: state.trainingSteps + 1 })}
        >
          {t('trainStep')}
        </Button>
        <Button
          id="undo-steps"
          works={state.trainingSteps > 0}
          onClick={() => update({ trainingSteps: 0 })}
        >
          {t('undoSteps')}
        </Button>
      </div>
      <p class="note" id="steps-done">
        {history.length === 1
          ? t('stepsNone')
          : t('stepsDone', { steps: history.length - 1, before: number(history[0]!.mean),
            after: number(meanLoss), fallen, count: positions.length })}
      </p>
      <h3>{t('distribution')}</h3>
      <p class="note">
        {t('distributionAt', { token: position.input.text, count: position.distribution.length })}
      </p>
      <Distribution
        bars={position.distribution}
        of={`training.positions.${at}.distribution`}
        label={t('distributionAt', { token: position.input.text,
          count: position.distribution.length })}
        marked={{ id: position.target.id, name: t('target') }}
        role="training"
      />
    </section>
  );
}

interface ChooseProps {
  label: string;
  name: 'layer' | 'head';
  count: number;
  state: State;
  update: Update;
}

/** A layer or a head, counted from 0, as in the notebooks. */
function Choose({ label, name, count, state, update }: ChooseProps) {
  return (
    <Select
      label={label}
      name={name}
      value={state[name]}
      options={[...Array(count).keys()]}
      text={String}
      set={(value) => update({ [name]: value })}
    />
  );
}
