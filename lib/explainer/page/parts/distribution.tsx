/** A distribution over the whole vocabulary, as a list that scrolls, a bar for each token. */
import { Component } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Bar, Distribution as Bars } from '../../engine/views';
import { useWords } from '../words';
import { moveAmong } from './arrows';
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

/** Rows that are in view before the list is scrolled. */
const IN_VIEW = 14;

/** Milliseconds after which the rows out of view follow: a frame of their own. */
const LATER = 40;

export function Distribution(props: Props) {
  const { bars, label, role } = props;
  const { t } = useWords();
  const [late, setLate] = useState<Props>();
  useEffect(() => {
    const timer = setTimeout(() => setLate(props), LATER);
    return () => clearTimeout(timer);
  }, [bars, label, props.marked?.id]);
  const isChanged = bars.some(({ probability, processed }) =>
    Math.abs(probability - processed) > ROUNDING
  );
  const isExact = bars.some(({ exact }) => exact !== null);
  return (
    <div class="distribution" data-whole={late?.bars === bars}>
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
      <ol tabIndex={0} aria-label={label} onKeyDown={moveAmong('li')}>
        {bars.slice(0, IN_VIEW).map((bar, i) => (
          <Row key={i} bar={bar} i={i} list={props} isChanged={isChanged} />
        ))}
        {late && <Rest list={late} isChanged={isChanged} />}
      </ol>
    </div>
  );
}

/** The rows out of view; rendered only when they changed. */
class Rest extends Component<{ list: Props; isChanged: boolean }> {
  override shouldComponentUpdate(next: { list: Props }): boolean {
    return next.list !== this.props.list;
  }

  override render({ list, isChanged }: { list: Props; isChanged: boolean }) {
    return list.bars.slice(IN_VIEW).map((bar, i) => (
      <Row key={i} bar={bar} i={IN_VIEW + i} list={list} isChanged={isChanged} />
    ));
  }
}

interface RowProps {
  bar: Bar;
  i: number;
  list: Props;
  isChanged: boolean;
}

/** A token: its name, its bar with the mark of the exact probability, and both numbers. */
function Row({ bar, i, list: { of, marked, role }, isChanged }: RowProps) {
  const { id, text, probability, processed, exact } = bar;
  return (
    <li tabIndex={-1} data-word={id} class={id === marked?.id ? 'marked' : ''}>
      <span class="token-name">{text}</span>
      <span class="bar">
        <svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
          {isChanged && <rect class="fill-muted" y="1" width={wide(probability)} height="10" />}
          <rect class={`fill-${role}`} y="2" width={wide(processed)} height="8" />
          {exact !== null && <rect class="fill-exact" x={wide(exact)} width="1" height="12" />}
        </svg>
        {id === marked?.id && <span class="badge">{marked.name}</span>}
      </span>
      <Num of={`${of}.${i}.processed`} value={processed} style="percent" />
      {exact === null
        ? <span class="num" />
        : <Num of={`${of}.${i}.exact`} value={exact} style="percent" class="exact" />}
    </li>
  );
}
