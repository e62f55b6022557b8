/** How the next token is chosen: strategy, temperature and what cuts the distribution. */
import { checkState, rangeOf } from '../../check-state';
import { EXAMPLES } from '../../examples';
import { defaultState, type NumberRange, type State } from '../../state';
import { Choice } from '../parts/switch';
import { Slider } from '../parts/slider';
import type { Update } from '../use-address';
import { useWords } from '../words';

interface Props {
  state: State;
  update: Update;
}

const STRATEGIES = ['greedy', 'sampling', 'beams'] as const;

/** The numbers that matter for each strategy, in the order in which `generate` applies them. */
const OF_ALL = ['maxNewTokens', 'repetitionPenalty'] as const;
const OF_SAMPLING = ['temperature', 'topK', 'topP', 'minP', 'seed'] as const;
const OF_BEAMS = ['numBeams', 'lengthPenalty'] as const;
const NUMBERS = [...OF_ALL, ...OF_SAMPLING, ...OF_BEAMS];

const numbersOf = (
  { strategy }: State,
): readonly (typeof NUMBERS[number])[] => [
  ...OF_ALL,
  ...(strategy === 'sampling' ? OF_SAMPLING : []),
  ...(strategy === 'beams' ? OF_BEAMS : []),
];

/** The range in which a control may move: the prompts and the new tokens fit into the context. */
function rangeFor(key: typeof NUMBERS[number], state: State): NumberRange {
  const range = rangeOf(key, state);
  if (key !== 'maxNewTokens') return range;
  const { context, encode } = EXAMPLES[state.example];
  const longest = Math.max(encode(state.prompt).length, encode(state.secondPrompt).length);
  return { ...range, to: Math.min(range.to, context - longest) };
}

export function DecodingPanel({ state, update }: Props) {
  const { t } = useWords();
  const options = STRATEGIES.map((value) => ({ value, label: t(value) }));
  const usual = defaultState(state.example);
  const reset = (): void =>
    update({ strategy: usual.strategy,
      ...Object.fromEntries(NUMBERS.map((key) => [key, usual[key]])) });
  const set = (key: typeof NUMBERS[number]) => (value: number, isStep: boolean): boolean => {
    const step = key === 'maxNewTokens' ? Math.min(state.step, value) : state.step;
    const change = { [key]: value, step };
    const isValid = checkState({ ...state, ...change }).length === 0;
    if (isValid) update(change, isStep);
    return isValid;
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
      <div class="sliders">
        {numbersOf(state).map((key) => (
          <Slider
            key={key}
            name={key}
            label={t(key)}
            value={state[key]}
            range={rangeFor(key, state)}
            isTyped={key === 'seed'}
            set={set(key)}
          />
        ))}
      </div>
      <button type="button" id="reset-decoding" onClick={reset}>{t('resetDecoding')}</button>
    </>
  );
}
