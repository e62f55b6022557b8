/**
 * One pass over a text, a row for each position: the token that it reads, what it attends to, the
 * token that it must predict, and its loss. The cells of all rows together are the triangle of the
 * mask.
 */
import type { Attention, TrainingPosition } from '../../engine/views';
import { useWords, type Words } from '../words';
import { LIST, moveAmong } from './arrows';
import { mix } from './colors';
import { useInView } from './in-view';
import { Num } from './number';

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

/** Nats at which a bar of a loss is full, unless one is larger: a guess among 105 tokens is 4.7. */
const FULL = 5;

export function PassRows({ positions, before, weights, of, selected, select }: Props) {
  const words = useWords();
  const { t } = words;
  const box = useInView('[aria-selected="true"] [data-key]', [positions, selected]);
  const full = fullOf(positions, before);
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
      <ol
        role="listbox"
        aria-label={t('positions')}
        onKeyDown={moveAmong('[role="option"]', LIST, select)}
      >
        {positions.map(({ input, target, loss, exactLoss }, i) => (
          <li
            key={i}
            class="row"
            data-at={i}
            role="option"
            tabIndex={i === selected ? 0 : -1}
            aria-selected={i === selected}
            onClick={() => select(i)}
          >
            <span class="visually-hidden">{i}: {t('reads')}</span>
            <span class="first">
              <span class="chip prompt" data-word={input.id}>{input.text}</span>
            </span>
            <Weights
              row={weights[i]!}
              of={`${of}.${i}`}
              label={`${t('attends')} ${attendedBy(weights[i]!, positions, words)}`}
            />
            <span class="visually-hidden">{t('predicts')}</span>
            <span class="chip training" data-word={target.id}>{target.text}</span>
            <svg class="loss" viewBox={`0 0 ${full} 10`} preserveAspectRatio="none">
              {before && <rect class="fill-muted" width={before[i]} height="10" />}
              <rect class="fill-training" y="2" width={loss} height="6" />
              {exactLoss !== null && Number.isFinite(exactLoss)
                && <rect class="fill-exact" x={exactLoss} width={full * MARK_WIDTH} height="10" />}
            </svg>
            <span class="visually-hidden">{t('loss')}</span>
            <Num of={`training.positions.${i}.loss`} value={loss} class="last" />
          </li>
        ))}
      </ol>
    </div>
  );
}

/** How wide the mark of an exact loss is, as a part of a full bar. */
export const MARK_WIDTH = 1 / 60;

/** Nats at which the bars are full: of exact losses, the infinite ones are not drawn. */
export function fullOf(
  positions: readonly Pick<TrainingPosition, 'loss' | 'exactLoss'>[],
  before: readonly number[] = [],
): number {
  const losses = positions.map(({ loss }) => loss);
  const exact = positions.map(({ exactLoss }) => exactLoss ?? 0).filter(Number.isFinite);
  return Math.max(FULL, ...losses, ...before, ...exact.map((loss) => loss / (1 - MARK_WIDTH)));
}

/** Weights that are named in words: the largest. */
const NAMED = 3;

/** The largest weights of a position in words, such as `request 41.0%, a 20.1%`. */
export function attendedBy(
  row: Attention[number],
  positions: readonly TrainingPosition[],
  { t, number }: Words,
): string {
  const weights = row.map((weight, key) => ({ weight: weight ?? 0, key }));
  return weights.sort((a, b) => b.weight - a.weight).slice(0, NAMED).filter(({ weight }) =>
    weight > 0
  ).map(({ weight, key }) => `${positions[key]!.input.text} ${number(weight, 'percent')}`).join(
    t('comma'),
  );
}

function Weights({ row, of, label }: { row: Attention[number]; of: string; label: string }) {
  const { number } = useWords();
  return (
    <svg
      class="weights"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${row.length} 1`}
      preserveAspectRatio="none"
    >
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
