/** The three ways to the same numbers: which positions each of their passes computes. */
import type { RoadsView } from '../../engine/views';
import type { State } from '../../state';
import { Num } from '../parts/number';
import { PassGrid } from '../parts/pass-grid';
import { wayGroup } from '../parts/places';
import { Table } from '../parts/table';
import { useWords } from '../words';

interface Props {
  view: RoadsView;
  state: State;
}

const COLUMNS = ['road', 'passes', 'tokensRead', 'flops', 'milliseconds', 'difference'] as const;

export function RoadsPanel({ view: { roads, tokens }, state }: Props) {
  const { t } = useWords();
  const chosen = roads.find(({ name }) => name === state.road);
  return (
    <>
      <Table
        label={t('panelRoads')}
        columns={COLUMNS.map((key) => t(key))}
      >
        {roads.map(({ name, work, largestDifference }, i) => (
          <tr
            key={name}
            tabIndex={-1}
            data-group={wayGroup(name)}
            class={name === state.road ? 'selected' : ''}
          >
            <th scope="row">{t(name)}</th>
            <td>
              <Num of={`roads.roads.${i}.work.passes`} value={work.passes} style={0} />
            </td>
            <td>
              <Num of={`roads.roads.${i}.work.tokens`} value={work.tokens} style={0} />
            </td>
            <td>
              <Num of={`roads.roads.${i}.work.flops`} value={work.flops} style="compact" />
            </td>
            <td>
              <Num
                of={`roads.roads.${i}.work.milliseconds`}
                value={work.milliseconds}
                style={1}
              />
            </td>
            <td>
              <Num
                of={`roads.roads.${i}.largestDifference`}
                value={largestDifference}
                style="small"
              />
            </td>
          </tr>
        ))}
      </Table>
      {chosen
        ? (
          <PassGrid
            name={t(chosen.name)}
            passes={chosen.passes}
            tokens={tokens}
            groupOf={() => wayGroup(chosen.name)}
          />
        )
        : <p>{t('noSuchRoad')}</p>}
    </>
  );
}
