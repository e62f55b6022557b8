/**
 * One pass over a text, a row for each position: the token that it reads, what it attends to, the
 * token that it must predict, and its loss. The cells of all rows together are the triangle of the
 * mask.
 */
import type { Attention, TrainingPosition } from '../../engine/views';
import { useWords } from '../words';
import { mix } from './colors';
import { useInView } from './in-view';
import { Num } from './number';
import { useRoving } from './roving';

interface Props {
  positions: readonly TrainingPosition[];
  /** The losses before the live steps of training; undefined without any. */
  before: readonly number[] | undefined;
  weights: Attention;
  /** Where the weights are among the views. */
  of: string;
  selected: number;
  select: (position: number) => void;
}

/** Nats at which a bar of a loss is full: a guess among all 105 tokens costs ln 105, about 4.7. */
const FULL = 5;

export function PassRows({ positions, before, weights, of, selected, select }: Props) {
  const { t } = useWords();
  const roving = useRoving(positions.length, selected, select);
  const box = useInView('[aria-selected="true"] [data-key]', [positions, selected]);
  const style = { '--columns': positions.length };
  return (
    <div
      class="pass-rows"
      ref={box}
      style={style}
      tabIndex={0}
      role="group"
      aria-label={t('positions')}
    >
      <p class="row head" aria-hidden="true">
        <span class="first">{t('reads')}</span>
        <span>{t('attends')}</span>
        <span>{t('predicts')}</span>
        <span class="wide">{t('loss')}</span>
      </p>
      <ol role="listbox" aria-label={t('positions')} {...roving.list}>
        {positions.map(({ input, target, loss, exactLoss }, i) => (
          <li
            key={i}
            class="row"
            data-at={i}
            {...roving.item(i)}
          >
            <span class="visually-hidden">{i + 1}: {t('reads')}</span>
            <span class="first">
              <span class="chip prompt" data-word={input.id}>{input.text}</span>
            </span>
            <Weights row={weights[i]!} of={`${of}.${i}`} />
            <span class="visually-hidden">{t('predicts')}</span>
            <span class="chip training" data-word={target.id}>{target.text}</span>
            <svg class="loss" viewBox={`0 0 ${FULL} 10`} preserveAspectRatio="none">
              {before && <rect class="fill-muted" width={Math.min(before[i]!, FULL)} height="10" />}
              <rect class="fill-training" y="2" width={Math.min(loss, FULL)} height="6" />
              {exactLoss !== null && Number.isFinite(exactLoss)
                && <rect class="fill-exact" x={exactLoss} width="0.08" height="10" />}
            </svg>
            <span class="visually-hidden">{t('loss')}</span>
            <Num of={`training.positions.${i}.loss`} value={loss} class="last" />
          </li>
        ))}
      </ol>
    </div>
  );
}

function Weights({ row, of }: { row: Attention[number]; of: string }) {
  const { number } = useWords();
  return (
    <svg class="weights" viewBox={`0 0 ${row.length} 1`} preserveAspectRatio="none">
      {row.map((weight, key) =>
        weight === null
          ? <rect key={key} class="hidden" x={key} width="1" height="1" />
          : (
            <rect
              key={key}
              data-key={key}
              data-of={`${of}.${key}`}
              data-value={String(weight)}
              x={key}
              width="1"
              height="1"
              style={{ fill: mix(weight) }}
            >
              <title>{number(weight, 'percent')}</title>
            </rect>
          )
      )}
    </svg>
  );
}
