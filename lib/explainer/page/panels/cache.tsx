/** What each pass of inference computes, and what it takes from the cache, in numbers. */
import type { GenerationStep, InferenceView } from '../../engine/views';
import type { State } from '../../state';
import { passGroup } from '../parts/places';
import { Table } from '../parts/table';
import { type TextKey, useWords } from '../words';

interface Props {
  inference: InferenceView;
  state: State;
}

const COLUMNS: readonly { key: 'computed' | 'recomputed' | 'cached'; text: TextKey }[] = [
  { key: 'computed', text: 'computed' },
  { key: 'recomputed', text: 'recomputed' },
  { key: 'cached', text: 'fromCache' },
];

/** With beams the counter counts all rows of a pass, and what stands here is one of them. */
export function BeamsNote({ state: { strategy, numBeams } }: { state: State }) {
  const { t } = useWords();
  if (strategy !== 'beams') return null;
  return <p class="note beams-rows">{t('beamsRows', { rows: numBeams })}</p>;
}

export function CachePanel({ inference: { steps }, state }: Props) {
  const { t, number } = useWords();
  const shown = steps.slice(0, state.step);
  const total = (key: keyof Pick<GenerationStep, 'computed' | 'recomputed'>): string =>
    number(shown.reduce((sum, pass) => sum + pass[key].length, 0), 0);
  return (
    <>
      <p>{t(state.useCache ? 'cacheOn' : 'cacheOff')}</p>
      <p id="cache-sum">
        {t('cacheSum', { computed: total('computed'), recomputed: total('recomputed') })}
      </p>
      <BeamsNote state={state} />
      <Table
        label={t('panelCache')}
        caption={t('roadComputes')}
        columns={[t('pass'), ...COLUMNS.map(({ text }) => t(text)), t('chosen')]}
      >
        {shown.map((pass, i) => (
          <tr key={i} tabIndex={-1} data-group={passGroup(i)}>
            <th scope="row">{i + 1}</th>
            {COLUMNS.map(({ key }) => (
              <td
                key={key}
                data-of={`inference.steps.${i}.${key}.length`}
                data-value={pass[key].length}
              >
                {number(pass[key].length, 0)}
              </td>
            ))}
            <td data-word={pass.chosen.id}>{pass.chosen.text}</td>
          </tr>
        ))}
      </Table>
    </>
  );
}
