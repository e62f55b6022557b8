/**
 * The tokens that the next pass of inference reads; the last one was fed back. A line under each
 * token says how much the last position attends to it, in the layer and head that training shows.
 */
import type { AttendedView, GenerationStep, InferenceView } from '../../engine/views';
import { useWords, type Words } from '../words';
import { moveAmong } from './arrows';
import { mix } from './colors';
import { passGroup, placeOf } from './places';

interface Props {
  inference: InferenceView;
  step: number;
  /** Not there at first, when a page begins. */
  attended: AttendedView | undefined;
  /** The positions of training at which the text is the same. */
  common: number;
}

export function Context({ inference: { prompt, sequence, steps }, step, attended, common }: Props) {
  const { t } = useWords();
  const shown = sequence.slice(0, prompt.length + step);
  const pass = steps[step - 1];
  const last = shown.length - 1;
  return (
    <>
      <ol
        class="context"
        tabIndex={0}
        aria-label={t('contextLead')}
        onKeyDown={moveAmong('li')}
      >
        {shown.map(({ id, text }, i) => {
          const isGenerated = i >= prompt.length;
          const name = isGenerated ? `chip generated ${i === last ? 'new' : ''}` : 'chip prompt';
          return (
            <li
              key={i}
              tabIndex={-1}
              class={name}
              data-at={placeOf(i, common)}
              data-word={id}
              data-group={isGenerated ? passGroup(i - prompt.length) : undefined}
              title={useOf(pass, i, t)}
            >
              {text}
              <span class="visually-hidden">, {t(isGenerated ? 'ofModel' : 'ofPrompt')}</span>
              {attended && (
                <Attended weight={attended.weights[i] ?? 0} of={`attended.weights.${i}`} />
              )}
            </li>
          );
        })}
      </ol>
      {attended && (
        <p class="note">
          {t('attendedByLast', { token: shown[last]!.text, layer: attended.layer,
            head: attended.head })}
        </p>
      )}
    </>
  );
}

/** A line in the colour of a weight. */
function Attended({ weight, of }: { weight: number; of: string }) {
  const { number } = useWords();
  return (
    <svg class="attended" viewBox="0 0 1 1" preserveAspectRatio="none">
      <rect
        width="1"
        height="1"
        style={{ fill: mix(weight) }}
        data-of={of}
        data-value={String(weight)}
      >
        <title>{number(weight, 'percent')}</title>
      </rect>
    </svg>
  );
}

/** Whether a pass computed a position or read its keys and values. */
function useOf(pass: GenerationStep | undefined, at: number, t: Words['t']): string {
  if (pass?.cached.includes(at)) return t('fromCache');
  return pass?.computed.includes(at) ? t('computedNow') : '';
}
