/** How the next token is chosen: strategy, temperature and what cuts the distribution. */
import { checkState, rangeOf } from '../../check-state';
import { defaultState, type State } from '../../state';
import { Choice } from '../parts/switch';
import { Slider } from '../parts/slider';
import type { Update } from '../use-address';
import { useWords } from '../words';

interface Props {
  state: State;
  update: Update;
}

const STRATEGIES = ['greedy', 'sampling', 'beams'] as const;

/** The numbers, in the order in which `generate` applies them. */
const NUMBERS = [
  'repetitionPenalty',
  'temperature',
  'topK',
  'topP',
  'minP',
  'seed',
  'maxNewTokens',
  'numBeams',
  'lengthPenalty',
] as const;

export function DecodingPanel({ state, update }: Props) {
  const { t } = useWords();
  const options = STRATEGIES.map((value) => ({ value, label: t(value) }));
  const usual = defaultState(state.example);
  const reset = (): void =>
    update({ strategy: usual.strategy,
      ...Object.fromEntries(NUMBERS.map((key) => [key, usual[key]])) });
  const set = (key: typeof NUMBERS[number]) => (value: number, isStep: boolean): void => {
    const step = key === 'maxNewTokens' ? Math.min(state.step, value) : state.step;
    const change = { [key]: value, step };
    if (checkState({ ...state, ...change }).length === 0) update(change, isStep);
  };
  return (
    <>
      <Choice
        label={t('strategy')}
        name="strategy"
        value={state.strategy}
        options={options}
        set={(strategy) => update({ strategy })}
      />
      {state.strategy !== 'sampling' && <p class="note">{t('onlySampling')}</p>}
      <div class="sliders">
        {NUMBERS.map((key) => (
          <Slider
            key={key}
            name={key}
            label={t(key)}
            value={state[key]}
            range={key === 'seed' ? { from: 0, to: 99, step: 1 } : rangeOf(key, state)}
            set={set(key)}
          />
        ))}
      </div>
      <button type="button" id="reset-decoding" onClick={reset}>{t('resetDecoding')}</button>
    </>
  );
}
