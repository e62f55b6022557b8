/** A distribution over the whole vocabulary, as a list that scrolls, a bar for each token. */
import { Component } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Bar, Distribution as Bars } from '../../engine/views';
import { useWords } from '../words';
import { moveAmong } from './arrows';
import { useInView } from './in-view';
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

/** What marks the row; the legend says what it means, as a word would cover a long bar. */
const MARK = '✓';

/** Rows that are in view before the list is scrolled. */
const IN_VIEW = 10;

/** Milliseconds until the next rows out of view follow, and how many: each time a frame. */
const [LATER, PORTION] = [40, 31];

export function Distribution(props: Props) {
  const { bars, label, role, marked } = props;
  const { t } = useWords();
  const { late, count } = useLater(props);
  const isChanged = bars.some(({ probability, processed }) =>
    Math.abs(probability - processed) > ROUNDING
  );
  const isExact = bars.some(({ exact }) => exact !== null);
  const model = t(isChanged ? 'processed' : 'model');
  const isWhole = late?.bars === bars && count >= bars.length;
  const list = useInView<HTMLOListElement>('.marked', [isWhole, bars, marked?.id]);
  return (
    <div class="distribution" data-whole={isWhole}>
      <p class="legend">
        <span>
          <i class={`swatch ${role}`} /> {model}
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
        {marked && (
          <span>
            <i class="badge">{MARK}</i> {marked.name}
          </span>
        )}
      </p>
      <p class="columns" aria-hidden="true">
        <span>{model}</span>
        <span>{isExact && t('exact')}</span>
      </p>
      <ol
        ref={list}
        class={marked ? 'with-mark' : ''}
        tabIndex={0}
        aria-label={`${label}: ${model}${isExact ? t('comma') + t('exact') : ''}`}
        onKeyDown={moveAmong('li')}
      >
        {bars.slice(0, IN_VIEW).map((bar, i) => (
          <Row key={i} bar={bar} i={i} list={props} isChanged={isChanged} />
        ))}
        {late && <Rest list={late} count={count} isChanged={isChanged} />}
      </ol>
    </div>
  );
}

/** What the rows out of view show, and how many rows there are: those in view are drawn first. */
function useLater(props: Props): { late?: Props; count: number } {
  const { bars, label, marked } = props;
  const [{ late, count }, setLate] = useState<{ late?: Props; count: number }>({ count: IN_VIEW });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const follow = (drawn: number): void => {
      timer = setTimeout(() => {
        const next = Math.min(bars.length, drawn + PORTION);
        setLate({ late: props, count: next });
        if (next < bars.length) follow(next);
      }, LATER);
    };
    follow(late?.bars.length === bars.length ? count : IN_VIEW);
    return () => clearTimeout(timer);
  }, [bars, label, marked?.id]);
  return { ...(late && { late }), count };
}

interface RestProps {
  list: Props;
  count: number;
  isChanged: boolean;
}

/** The rows out of view; rendered only when they changed. */
class Rest extends Component<RestProps> {
  override shouldComponentUpdate(next: RestProps): boolean {
    return next.list !== this.props.list || next.count !== this.props.count;
  }

  override render({ list, count, isChanged }: RestProps) {
    return list.bars.slice(IN_VIEW, count).map((bar, i) => (
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
          {exact !== null && (
            <rect class="fill-exact" x={wide(Math.min(exact, 0.99))} width="1" height="12" />
          )}
        </svg>
        {id === marked?.id && (
          <>
            <i class="badge" aria-hidden="true">{MARK}</i>
            <span class="visually-hidden">{marked.name}</span>
          </>
        )}
      </span>
      <Num of={`${of}.${i}.processed`} value={processed} style="percent" />
      {exact === null
        ? <span class="num" />
        : <Num of={`${of}.${i}.exact`} value={exact} style="percent" class="exact" />}
    </li>
  );
}
