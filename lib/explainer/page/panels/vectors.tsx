/** The vectors of training: embeddings, hidden states after each layer, logits. */
import type { TrainingView } from '../../engine/views';
import type { State } from '../../state';
import { signed } from '../parts/colors';
import { Num } from '../parts/number';
import { useWords } from '../words';

interface Props {
  training: TrainingView;
  state: State;
}

export function VectorsPanel({ training: { positions }, state }: Props) {
  const { t } = useWords();
  const at = Math.min(state.position, positions.length - 1);
  const { input, embedding, hidden, distribution } = positions[at]!;
  const names = [t('embedding'), ...hidden.map((_, i) => t('afterLayer', { layer: i + 1 }))];
  const vectorsOf = (
    i: number,
  ): readonly (readonly number[])[] => [positions[i]!.embedding, ...positions[i]!.hidden];
  return (
    <>
      <p>{t('vectorsLead', { width: embedding.length, token: input.text, position: at + 1 })}</p>
      <div class="grids">
        {names.map((name, kind) => (
          <figure key={kind}>
            <figcaption>{name}</figcaption>
            <Grid rows={positions.map((_, i) => vectorsOf(i)[kind]!)} label={name} />
          </figure>
        ))}
      </div>
      {names.map((name, kind) => {
        const label = t('vectorOf', { name, position: at + 1 });
        const of = `training.positions.${at}.${kind === 0 ? 'embedding' : `hidden.${kind - 1}`}`;
        return (
          <details key={kind} data-at={at}>
            <summary>{label}</summary>
            <Numbers values={vectorsOf(at)[kind]!} of={of} />
          </details>
        );
      })}
      <details open>
        <summary>{t('logits')}</summary>
        <p class="note">{t('logitsLead')}</p>
        <ol class="numbers words" tabIndex={0} aria-label={t('logits')}>
          {distribution.map(({ id, text, logit }, i) => (
            <li key={i} data-word={id}>
              {text} <Num of={`training.positions.${at}.distribution.${i}.logit`} value={logit} />
            </li>
          ))}
        </ol>
      </details>
    </>
  );
}

export function Numbers({ values, of }: { values: readonly number[]; of: string }) {
  return (
    <ol class="numbers">
      {values.map((value, i) => (
        <li key={i}>
          <Num of={`${of}.${i}`} value={value} />
        </li>
      ))}
    </ol>
  );
}

/** Numbers of either sign as colours, on one scale; `label` names them. */
function Grid({ rows, label }: { rows: readonly (readonly number[])[]; label: string }) {
  const most = Math.max(...rows.flat().map(Math.abs));
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
        <g key={i} data-at={i}>
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
