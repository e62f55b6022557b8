/** Vectors of all positions as colours, and the numbers of one position. */
import type { Distribution } from '../../engine/views';
import { useWords } from '../words';
import { signed } from './colors';
import { Num } from './number';

/** The vectors of one place in the model: the embedding, or what comes out of a block. */
export interface Kind {
  /** A row for each position. */
  readonly rows: readonly (readonly number[])[];
  /** Where the vector of the position is among the views. */
  readonly of: string;
}

interface Props {
  /** The embedding, then the hidden states after each layer. */
  kinds: readonly Kind[];
  /** The position whose numbers are listed. */
  at: number;
  /** The `data-at` of a position. */
  placeOf: (position: number) => string;
}

export function Vectors({ kinds, at, placeOf }: Props) {
  const { t } = useWords();
  const named = kinds.map((kind, i) => ({ ...kind,
    name: i === 0 ? t('embedding') : t('afterLayer', { layer: i - 1 }) })
  );
  return (
    <>
      <div class="grids">
        {named.map(({ name, rows, of }) => (
          <figure key={of}>
            <figcaption>{name}</figcaption>
            <Grid rows={rows} label={name} placeOf={placeOf} />
            <Scale most={endOf(rows)} />
          </figure>
        ))}
      </div>
      {named.map(({ name, rows, of }, i) => (
        <details key={i} data-at={placeOf(at)}>
          <summary>{t('vectorOf', { name, position: at })}</summary>
          <ol class="numbers">
            {rows[at]!.map((value, j) => (
              <li key={j}>
                <Num of={`${of}.${j}`} value={value} />
              </li>
            ))}
          </ol>
        </details>
      ))}
    </>
  );
}

/** The logits that the last of the vectors gives. */
export function Logits({ distribution, of }: { distribution: Distribution; of: string }) {
  const { t } = useWords();
  return (
    <details open>
      <summary>{t('logits')}</summary>
      <p class="note">{t('logitsLead')}</p>
      <ol class="numbers words" tabIndex={0} aria-label={t('logits')}>
        {distribution.map(({ id, text, logit }, i) => (
          <li key={i} data-word={id}>
            {text} <Num of={`${of}.${i}.logit`} value={logit} />
          </li>
        ))}
      </ol>
    </details>
  );
}

interface GridProps {
  rows: Kind['rows'];
  label: string;
  placeOf: Props['placeOf'];
}

/**
 * The end of the scale: the median of the largest sizes of the rows. The first position is often
 * far larger than all others, which would then be pale.
 */
function endOf(rows: Kind['rows']): number {
  const largest = rows.map((row) => Math.max(...row.map(Math.abs))).sort((a, b) => a - b);
  return largest[Math.floor(largest.length / 2)]!;
}

/** The colours from the negative to the positive end of a scale. */
function Scale({ most }: { most: number }) {
  const { t, number } = useWords();
  const colors = [-1, 0, 1].map((share) => signed(share, 1)).join(', ');
  return (
    <p class="legend scale">
      <span class="num">≤ {number(-most, 1)}</span>
      <i style={{ background: `linear-gradient(to right, ${colors})` }} title={t('scale')} />
      <span class="num">≥ {number(most, 1)}</span>
    </p>
  );
}

/** Numbers of either sign as colours, on one scale; `label` names them. */
function Grid({ rows, label, placeOf }: GridProps) {
  const most = endOf(rows);
  const width = rows[0]!.length;
  return (
    <svg
      class="grid"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${4 * rows.length}`}
      preserveAspectRatio="none"
      style={{ height: `${rows.length}em` }}
    >
      {rows.map((row, i) => (
        <g key={i} data-at={placeOf(i)}>
          {row.map((value, column) => (
            <rect
              key={column}
              x={column}
              y={4 * i}
              width="1.02"
              height="4"
              style={{ fill: signed(value, most) }}
            />
          ))}
          <rect class="ring" x="0" y={4 * i} width={width} height="4" />
        </g>
      ))}
    </svg>
  );
}
