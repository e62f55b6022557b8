/** Dropout left on at inference: the same question three times. */
import type { DropoutView } from '../../engine/views';
import type { State } from '../../state';
import { Num } from '../parts/number';
import { Switch } from '../parts/switch';
import { Table } from '../parts/table';
import type { Update } from '../use-address';
import { useWords } from '../words';

interface Props {
  view: DropoutView;
  state: State;
  update: Update;
}

export function DropoutPanel({ view: { question, rate, compared }, state, update }: Props) {
  const { t, number } = useWords();
  const kind = state.dropout ? 'answers' : 'quiet';
  const isExact = compared.some(({ exact }) => exact !== null);
  const answers = compared[0]![kind].map((_, i) => t('answer', { number: i + 1 }));
  return (
    <>
      <Switch
        name="dropout"
        label={t('dropoutSwitch')}
        on={state.dropout}
        set={(on) => update({ dropout: on })}
      />
      <p>{t('dropoutLead', { rate: number(rate, 'percent') })}</p>
      <p>{t('question', { question: question.map(({ text }) => text).join(' ') })}</p>
      <Table
        label={t('panelDropout')}
        caption={t(state.dropout ? 'withDropout' : 'withoutDropout')}
        columns={[t('token'), ...answers, ...(isExact ? [t('exact')] : [])]}
      >
        {compared.map((row, i) => (
          <tr key={row.id} tabIndex={-1} data-word={row.id}>
            <th scope="row">{row.text}</th>
            {row[kind].map((probability, j) => (
              <td key={j}>
                <svg class="small-bar" viewBox="0 0 1 1" preserveAspectRatio="none">
                  <rect class="fill-inference" width={probability} height="1" />
                </svg>
                <Num
                  of={`dropout.compared.${i}.${kind}.${j}`}
                  value={probability}
                  style="percent"
                />
              </td>
            ))}
            {row.exact !== null && (
              <td>
                <Num of={`dropout.compared.${i}.exact`} value={row.exact} style="percent" />
              </td>
            )}
          </tr>
        ))}
      </Table>
    </>
  );
}
