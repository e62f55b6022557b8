/** The worked example of 16.0: eight tokens, four numbers each. */
import type { EightTokensView } from '../../engine/views';
import { LitList } from '../parts/lit-list';
import { Num } from '../parts/number';
import { useWords } from '../words';

export function EightTokensPanel({ view }: { view: EightTokensView }) {
  const { t, number } = useWords();
  const { tokens, embeddings, hiddenStates, given, largestDifference, steps } = view;
  const lists = [
    { name: t('embedding'), rows: embeddings, of: 'embeddings' },
    { name: t('hiddenStates'), rows: hiddenStates, of: 'hiddenStates' },
    { name: t('given'), rows: given, of: 'given' },
  ];
  return (
    <>
      <p data-of="eightTokens.largestDifference" data-value={String(largestDifference)}>
        {t('eightLead', { difference: number(largestDifference, 'small') })}
      </p>
      <div class="scroll" tabIndex={0} role="group" aria-label={t('exampleEightTokens')}>
        <table class="eight">
          <thead>
            <tr>
              <th scope="col">{t('token')}</th>
              {lists.map(({ name }) => <th key={name} scope="colgroup" colSpan={4}>{name}</th>)}
            </tr>
          </thead>
          <tbody>
            {tokens.map((token, i) => (
              <tr key={i} data-at={i}>
                <th scope="row">{token}</th>
                {lists.map(({ rows, of }) =>
                  rows[i]!.map((value, j) => (
                    <td key={`${of}${j}`} class={j === 0 ? 'first' : ''}>
                      <Num of={`eightTokens.${of}.${i}.${j}`} value={value} />
                    </td>
                  ))
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <LitList label={t('inference')}>
        {steps.map(({ reads, hiddenState, chosen }, i) => (
          <li key={i} tabIndex={-1} data-at={reads - 1}>
            {t('eightPass', { pass: i + 1, count: reads })} h = [
            {hiddenState.map((value, j) => (
              <span key={j}>
                {j > 0 && ', '}
                <Num of={`eightTokens.steps.${i}.hiddenState.${j}`} value={value} />
              </span>
            ))}
            ] → <span class="chip generated">{chosen}</span>
          </li>
        ))}
      </LitList>
    </>
  );
}
