/** Links to moments of a run: the notebooks' main pictures, and three questions. */
import { PRESETS } from '../../presets';
import { toAddress } from '../../address';
import type { State } from '../../state';
import { useWords } from '../words';

export function PresetsPanel({ language }: { language: State['language'] }) {
  const { t } = useWords();
  return (
    <>
      <p>{t('presetsLead')}</p>
      <ul class="presets">
        {PRESETS.map(({ name, state }) => (
          <li key={name}>
            <a href={`#${toAddress({ ...state, language })}`}>{name}</a>
          </li>
        ))}
      </ul>
    </>
  );
}
