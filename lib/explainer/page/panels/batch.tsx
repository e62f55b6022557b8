/** Two prompts in one batch: padding, mask and positions, and four mistakes with their error. */
import { EXAMPLES } from '../../examples';
import type { BatchView } from '../../engine/views';
import { type State, STATE_CHOICES } from '../../state';
import { BatchRowView } from '../parts/batch-row';
import { TextField } from '../parts/field';
import { Num } from '../parts/number';
import { Choice } from '../parts/switch';
import { Table } from '../parts/table';
import type { Update } from '../use-address';
import type { TextKey } from '../words';
import { useWords } from '../words';

export const PADDINGS: Record<State['padding'], TextKey> = { correct: 'paddingCorrect',
  'right side': 'paddingRight', 'no mask': 'paddingNoMask', 'no shift': 'paddingNoShift',
  'mask once': 'paddingMaskOnce' };

interface Props {
  /** Null without a second prompt. */
  view: BatchView | null;
  state: State;
  update: Update;
}

export function BatchPanel({ view, state, update }: Props) {
  const { t } = useWords();
  const { prompt, step } = EXAMPLES[state.example].second;
  const example = { secondPrompt: prompt, step: Math.min(step, state.maxNewTokens) };
  return (
    <>
      <TextField name="secondPrompt" label={t('secondPrompt')} state={state} update={update} />
      {state.secondPrompt.trim() === '' && (
        <p class="note">
          {t('batchNone')}{' '}
          <button type="button" id="try-batch" onClick={() => update(example)}>
            {t('tryBatch', { prompt })}
          </button>
        </p>
      )}
      {view && <Batch view={view} state={state} update={update} />}
    </>
  );
}

interface BatchProps extends Props {
  view: BatchView;
}

/** Both rows, and the errors of all ways of padding. */
function Batch({ view: { step, rows, errors }, state, update }: BatchProps) {
  const { t } = useWords();
  return (
    <>
      <Choice
        label={t('padding')}
        name="padding"
        value={state.padding}
        options={STATE_CHOICES.padding}
        text={(padding) => t(PADDINGS[padding])}
        set={(padding) => update({ padding })}
      />
      <p class="note" id="batch-greedy">
        {t('batchGreedy')}
        {step < state.step && ` ${t('batchEnded', { step })}`}
      </p>
      {rows.map((row, i) => <BatchRowView key={i} row={row} i={i} />)}
      <Table
        label={t('batchError')}
        caption={t('batchError')}
        class="errors"
        columns={[t('padding'), t('ofProbabilities'), t('ofLogits')]}
      >
        {errors.map(({ padding, ...error }, i) => (
          <tr key={padding} class={padding === state.padding ? 'selected' : ''}>
            <th scope="row">{t(PADDINGS[padding])}</th>
            {(['probabilities', 'logits'] as const).map((of) => (
              <td key={of}>
                <Num
                  of={`batch.errors.${i}.${of}`}
                  value={error[of]}
                  style={error[of] < 1e-3 ? 'small' : 3}
                />
              </td>
            ))}
          </tr>
        ))}
      </Table>
    </>
  );
}
