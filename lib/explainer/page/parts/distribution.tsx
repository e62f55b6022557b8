/** A distribution over the whole vocabulary, as a list that scrolls, a bar for each token. */
import type { Distribution as Bars } from '../../engine/views';
import { useWords } from '../words';
import { Num } from './number';

interface Props {
  bars: Bars;
  /** Where the bars are among the views. */
  of: string;
  label: string;
  /** The token that was chosen, or is the target. */
  marked?: { id: number; name: string };
  /** The colour of the bars. */
  role: 'training' | 'inference';
}

/** Softmax is computed again after the controls: so far it may differ without any. */
const ROUNDING = 1e-6;

/** The width of a bar on a scale from 0 to 1, in hundredths. */
const wide = (probability: number): string => (100 * probability).toFixed(2);

export function Distribution({ bars, of, label, marked, role }: Props) {
  const { t } = useWords();
  const isChanged = bars.some(({ probability, processed }) =>
    Math.abs(probability - processed) > ROUNDING
  );
  const isExact = bars.some(({ exact }) => exact !== null);
  return (
    <div class="distribution">
      <p class="legend">
        <span>
          <i class={`swatch ${role}`} /> {t(isChanged ? 'processed' : 'model')}
        </span>
        {isChanged && (
          <span>
            <i class="swatch muted" /> {t('model')}
          </span>
        )}
        {isExact && (
          <span>
            <i class="swatch exact" /> {t('exact')}
          </span>
        )}
      </p>
      <ol tabIndex={0} aria-label={label}>
        {bars.map(({ id, text, probability, processed, exact }, i) => (
          <li key={i} data-word={id} class={id === marked?.id ? 'marked' : ''}>
            <span class="token-name">{text}</span>
            <span class="bar">
              <svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
                {isChanged
                  && <rect class="fill-muted" y="1" width={wide(probability)} height="10" />}
                <rect class={`fill-${role}`} y="2" width={wide(processed)} height="8" />
                {exact !== null
                  && <rect class="fill-exact" x={wide(exact)} width="1" height="12" />}
              </svg>
              {id === marked?.id && <span class="badge">{marked.name}</span>}
            </span>
            <Num of={`${of}.${i}.processed`} value={processed} style="percent" />
            {exact === null
              ? <span class="num" />
              : <Num of={`${of}.${i}.exact`} value={exact} style="percent" class="exact" />}
          </li>
        ))}
      </ol>
    </div>
  );
}
