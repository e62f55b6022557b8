/** A beam search as a tree that grows with the step, pruned branches in grey. */
import type { BeamView } from '../../engine/views';
import type { State } from '../../state';
import { BeamTree, FATES } from '../parts/beam-tree';
import { Button } from '../parts/button';
import { useInView } from '../parts/in-view';
import { LitList } from '../parts/lit-list';
import { Num } from '../parts/number';
import type { Update } from '../use-address';
import { useWords } from '../words';

interface Props {
  view: BeamView;
  /** The state that is shown. */
  seen: State;
  /** The latest state, from which the buttons go on: what is shown may lag behind it. */
  state: State;
  update: Update;
}

export function BeamsPanel({ view: { nodes, stages }, seen, state, update }: Props) {
  const { t } = useWords();
  const passes = stages.length - 1;
  const pass = Math.min(seen.step, passes);
  const latest = Math.min(state.step, passes);
  const { fates, results } = stages[pass]!;
  const box = useInView('.node', [nodes, pass]);
  const count = fates.filter((fate) => fate !== null).length;
  const label = t('beamsTree', { pass, passes, nodes: count });
  return (
    <>
      <p>{t('beamsLead', { count: seen.numBeams })} {t('beamsScores')}</p>
      {seen.strategy !== 'beams' && (
        <p class="note">
          {t('beamsBeside')}{' '}
          <Button id="use-beams" onClick={() => update({ strategy: 'beams' })}>
            {t('useBeams')}
          </Button>
        </p>
      )}
      <div class="player" role="group" aria-label={t('panelBeams')}>
        <Button id="beams-back" works={latest > 0} onClick={() => update({ step: latest - 1 })}>
          {t('back')}
        </Button>
        <Button
          id="beams-step"
          works={latest < passes}
          onClick={() => update({ step: latest + 1 })}
        >
          {t('step')}
        </Button>
        <span id="beams-pass">{t('beamsPass', { pass, passes })}</span>
      </div>
      <p class="legend">
        {Object.values(FATES).map((key) => <span key={key} class={key}>{t(key)}</span>)}
      </p>
      <div class="scroll" ref={box} tabIndex={0} role="group" aria-label={label}>
        <BeamTree nodes={nodes} fates={fates} pass={pass} label={label} />
      </div>
      {results.length > 0 && <p class="note">{t('beamsResults')}</p>}
      <LitList class="results" label={t('beamsResults')}>
        {results.map(({ tokens, score, node }, i) => (
          <li
            key={i}
            tabIndex={-1}
            data-path={node === null ? undefined : nodes[node]!.path.join(' ')}
          >
            <Num of={`beams.stages.${pass}.results.${i}.score`} value={score} />{' '}
            {tokens.map(({ text }) => text).join(' ')}
          </li>
        ))}
      </LitList>
    </>
  );
}
