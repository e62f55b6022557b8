/** A row of a batch: its tokens, mask and positions, who reads whom, and what comes next. */
import type { BatchRow } from '../../engine/views';
import { useWords } from '../words';
import { useInView } from './in-view';
import { Num } from './number';

/** The rows of numbers under the tokens, and their names. */
const NUMBERS = [['mask', 'mask'], ['position', 'positionId']] as const;

export function BatchRowView(
  { row: { cells, open, inBatch, alone }, i }: { row: BatchRow; i: number },
) {
  const { t } = useWords();
  const box = useInView('td .chip', [cells.length]);
  const [batch, single] = [inBatch[0]!, alone[0]!];
  return (
    <div class="batch-row">
      <div
        class="scroll"
        ref={box}
        tabIndex={0}
        role="group"
        aria-label={`${t('prompt')} ${i + 1}`}
      >
        <table class="batch">
          <tbody>
            <tr>
              <th scope="row">{t('token')}</th>
              {cells.map(({ id, text, kind }, at) => (
                <td
                  key={at}
                  data-at={placeIn(i, at)}
                  data-word={kind === 'padding' ? undefined : id}
                >
                  <span class={`chip ${kind}`}>{text}</span>
                </td>
              ))}
            </tr>
            {NUMBERS.map(([name, label]) => (
              <tr key={name}>
                <th scope="row">{t(label)}</th>
                {cells.map((cell, at) => (
                  <td key={at} data-at={placeIn(i, at)}>
                    <Num of={`batch.rows.${i}.cells.${at}.${name}`} value={cell[name]} style={0} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="note">{t('openLead')}</p>
      <Open open={open} row={i} />
      <p>
        {([['inBatch', 'nextInBatch', batch], ['alone', 'nextAlone', single]] as const).map(
          ([of, label, { id, text, probability }], n) => (
            <>
              {n > 0 && '; '}
              {t(label)}: <span class="chip generated" data-word={id}>{text}</span>{' '}
              <Num
                of={`batch.rows.${i}.${of}.0.probability`}
                value={probability}
                style="percent"
              />
            </>
          ),
        )}
      </p>
    </div>
  );
}

/** The `data-at` of a position of a row. */
const placeIn = (row: number, position: number): string => `batch ${row} ${position}`;

/** Which positions each position may read: those that are earlier, and not masked. */
function Open({ open, row }: { open: BatchRow['open']; row: number }) {
  const { t } = useWords();
  const size = open.length;
  return (
    <svg
      class="open"
      viewBox={`0 0 ${size} ${size}`}
      width={14 * size}
      height={14 * size}
      role="img"
      aria-label={t('openCells', { count: open.flat().filter(Boolean).length })}
    >
      {open.flatMap((keys, query) =>
        keys.map((isOpen, key) => (
          <rect
            key={`${query} ${key}`}
            class={isOpen ? 'fill-training' : 'fill-closed'}
            data-at={placeIn(row, query)}
            data-key={placeIn(row, key)}
            x={key + 0.05}
            y={query + 0.05}
            width="0.9"
            height="0.9"
          />
        ))
      )}
    </svg>
  );
}
