/** What each pass of inference computes, and what it takes from the cache. */
import type { InferenceView } from '../../engine/views';
import type { State } from '../../state';
import { PassGrid } from '../parts/pass-grid';
import { Switch } from '../parts/switch';
import type { Update } from '../use-address';
import { useWords } from '../words';

interface Props {
  inference: InferenceView;
  state: State;
  update: Update;
}

export function CachePanel({ inference: { steps, sequence }, state, update }: Props) {
  const { t, number } = useWords();
  const shown = steps.slice(0, Math.max(1, state.step));
  const total = (key: 'computed' | 'recomputed'): string =>
    number(shown.reduce((sum, pass) => sum + pass[key].length, 0), 0);
  return (
    <>
      <Switch
        name="useCache"
        label={t('useCache')}
        on={state.useCache}
        set={(on) => update({ useCache: on })}
      />
      <p>{t(state.useCache ? 'cacheOn' : 'cacheOff')}</p>
      <PassGrid passes={shown} tokens={sequence} />
      <p id="cache-sum">
        {t('cacheSum', { computed: total('computed'), recomputed: total('recomputed') })}
      </p>
    </>
  );
}
