/** Between the modes: what each of them took, and three ways to the same numbers. */
import type { CounterView, RoadsView, WorkDone } from '../engine/views';
import { type State, STATE_CHOICES } from '../state';
import { Num } from './parts/number';
import { wayGroup } from './parts/places';
import { Choice } from './parts/switch';
import type { Update } from './use-address';
import { type Style, type TextKey, useWords } from './words';

const LINES: readonly { key: keyof WorkDone; text: TextKey; style: Style }[] = [
  { key: 'passes', text: 'passes', style: 0 },
  { key: 'tokens', text: 'tokensRead', style: 0 },
  { key: 'flops', text: 'flops', style: 'compact' },
  { key: 'milliseconds', text: 'milliseconds', style: 1 },
];

export function Counter({ counter }: { counter: CounterView }) {
  const { t } = useWords();
  return (
    <section class="counter" aria-labelledby="counter-title">
      <h2 id="counter-title">{t('counter')}</h2>
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col" class="training">{t('training')}</th>
            <th scope="col" class="inference">{t('inference')}</th>
          </tr>
        </thead>
        <tbody>
          {LINES.map(({ key, text, style }) => (
            <tr key={key}>
              <th scope="row">{t(text)}</th>
              {(['training', 'inference'] as const).map((mode) => (
                <td key={mode}>
                  <Num of={`counter.${mode}.${key}`} value={counter[mode][key]} style={style} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const NAMES = { parallel: 'roadParallel', serial: 'roadSerial', cached: 'roadCached' } as const;

interface RoadProps {
  roads: RoadsView;
  state: State;
  update: Update;
}

export function RoadSwitch({ roads: { roads }, state, update }: RoadProps) {
  const { t } = useWords();
  const at = roads.findIndex(({ name }) => name === state.road);
  const road = roads[at];
  return (
    <section class="roads" aria-labelledby="roads-title">
      <h2 id="roads-title">{t('road')}</h2>
      <Choice
        label={t('road')}
        isTitled
        name="road"
        value={state.road}
        options={STATE_CHOICES.road}
        text={t}
        set={(value) => update({ road: value })}
        groupOf={wayGroup}
      />
      <p class="note">{t(road ? NAMES[state.road] : 'noSuchRoad')}</p>
      {road && (
        <p>
          {t('passes')}:{' '}
          <Num of={`roads.roads.${at}.work.passes`} value={road.work.passes} style={0} />;{' '}
          {t('tokensRead')}:{' '}
          <Num of={`roads.roads.${at}.work.tokens`} value={road.work.tokens} style={0} />
        </p>
      )}
      <RoadsSentence roads={roads} />
    </section>
  );
}

/** Whether the ways are equal, and how far. */
function RoadsSentence({ roads }: { roads: RoadsView['roads'] }) {
  const { t, number } = useWords();
  const differences = roads.map(({ largestDifference }) => largestDifference);
  const most = Math.max(...differences);
  const key = roads.every(({ isEqual }) => isEqual) ? 'roadEqual' : 'roadDifferent';
  return (
    <p
      id="roads-equal"
      data-of={`roads.roads.${differences.indexOf(most)}.largestDifference`}
      data-value={String(most)}
    >
      {t(key, { difference: number(most, most > 0 && most < 0.01 ? 'small' : 2) })}
    </p>
  );
}
