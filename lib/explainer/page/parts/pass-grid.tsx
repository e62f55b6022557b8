/** Passes as rows, positions as columns: computed, computed again, taken from the cache. */
import type { Token } from '../../engine/views';
import { useWords } from '../words';
import { moveAmong } from './arrows';
import { useInView } from './in-view';
import { placeOf } from './places';

interface Pass {
  readonly computed: readonly number[];
  readonly recomputed: readonly number[];
  readonly cached?: readonly number[];
}

interface Props {
  /** Whose passes they are. */
  name: string;
  passes: readonly Pass[];
  tokens: readonly Token[];
  /** The `data-group` of a pass. */
  groupOf: (pass: number) => string;
  /** The positions of training at which the text is the same; all of them if it is that text. */
  common?: number;
}

export function PassGrid({ name, passes, tokens, groupOf, common = Infinity }: Props) {
  const { t } = useWords();
  const width = Math.max(...passes.flatMap(({ computed }) => computed)) + 1;
  const box = useInView('.computed', [passes.length, width]);
  return (
    <>
      <p class="legend">
        <span>
          <i class="swatch inference" /> {t('computed')}
        </span>
        <span>
          <i class="swatch wrong" /> {t('recomputed')}
        </span>
        <span>
          <i class="swatch cached" /> {t('fromCache')}
        </span>
      </p>
      <p class="note">{t('roadComputes')}</p>
      <div
        class="scroll tall"
        ref={box}
        tabIndex={0}
        role="group"
        aria-label={`${name}: ${t('roadComputes')}`}
        onKeyDown={moveAmong('[data-at]', width)}
      >
        <table class="passes" aria-label={t('roadComputes')}>
          <thead>
            <tr>
              <th scope="col">{t('pass')}</th>
              {tokens.slice(0, width).map(({ id, text }, i) => (
                <th key={i} scope="col" tabIndex={-1} data-at={placeOf(i, common)} data-word={id}>
                  <span>{text}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {passes.map((pass, i) => (
              <tr key={i} data-group={groupOf(i)}>
                <th scope="row">{i + 1}</th>
                {tokens.slice(0, width).map(({ id }, at) => (
                  <Cell key={at} pass={pass} at={at} word={id} common={common} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface CellProps {
  pass: Pass;
  at: number;
  /** The token at that position. */
  word: number;
  common: number;
}

function Cell({ pass, at, word, common }: CellProps) {
  const { t } = useWords();
  const kind = pass.recomputed.includes(at)
    ? 'recomputed'
    : pass.computed.includes(at)
    ? 'computed'
    : pass.cached?.includes(at)
    ? 'fromCache'
    : undefined;
  return (
    <td tabIndex={-1} data-at={placeOf(at, common)} data-word={word} class={kind}>
      {kind && <span class="visually-hidden">{t(kind)}</span>}
    </td>
  );
}
