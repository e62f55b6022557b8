/** How the next token is chosen: strategy, temperature and what cuts the distribution. */
import { checkState, rangeOf } from '../../check-state';
import { EXAMPLES } from '../../examples';
import { defaultState, type NumberRange, type State, STATE_CHOICES } from '../../state';
import { Choice } from '../parts/switch';
import { Slider } from '../parts/slider';
import type { Update } from '../use-address';
import { useWords } from '../words';

interface Props {
  state: State;
  update: Update;
}

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

/**
 * The controls beside the distribution that they change. On a narrow screen a button opens them,
 * whichever panel is open below.
 */
export function Decoding({ state, update }: Props) {
  const { t } = useWords();
  const isPanel = state.panel === 'decoding'; // as older links say it
  const isOpen = state.controls || isPanel;
  const toggle = (): void => update({ controls: !isOpen, panel: isPanel ? 'modes' : state.panel });
  return (
    <div class={`decoding ${isOpen ? 'open' : ''}`}>
      <button
        type="button"
        data-panel="decoding"
        aria-expanded={isOpen}
        aria-controls="decoding"
        onClick={toggle}
      >
        {t('panelDecoding')}
      </button>
      <div id="decoding" role="group" aria-label={t('panelDecoding')}>
        <Controls state={state} update={update} />
      </div>
    </div>
  );
}

function Controls({ state, update }: Props) {
  const { t } = useWords();
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
        options={STATE_CHOICES.strategy}
        text={t}
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
