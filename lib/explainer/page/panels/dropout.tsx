/** Dropout left on at inference: the same question three times. */
import type { DropoutView } from '../../engine/views';
import type { State } from '../../state';
import { Num } from '../parts/number';
import { Switch } from '../parts/switch';
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
      <div class="scroll" tabIndex={0} role="group" aria-label={t('panelDropout')}>
        <table class="plain">
          <caption>{t(state.dropout ? 'withDropout' : 'withoutDropout')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('token')}</th>
              {compared[0]![kind].map((_, i) => (
                <th key={i} scope="col">{t('answer', { number: i + 1 })}</th>
              ))}
              <th scope="col">{t('exact')}</th>
            </tr>
          </thead>
          <tbody>
            {compared.map((row, i) => (
              <tr key={row.id} data-word={row.id}>
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
                <td>
                  {row.exact !== null
                    && <Num of={`dropout.compared.${i}.exact`} value={row.exact} style="percent" />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
