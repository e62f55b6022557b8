/** The panels under the modes, of which one is open. */
import { type State, STATE_CHOICES } from '../state';
import { BatchPanel } from './panels/batch';
import { BeamsPanel } from './panels/beams';
import { CachePanel } from './panels/cache';
import { DropoutPanel } from './panels/dropout';
import { EightTokensPanel } from './panels/eight-tokens';
import { PresetsPanel } from './panels/presets';
import { RoadsPanel } from './panels/roads';
import { VectorsPanel } from './panels/vectors';
import type { PartProps } from './use-views';
import { type TextKey, useWords } from './words';

export const PANEL_NAMES: Record<State['panel'], TextKey> = { modes: 'panelModes',
  vectors: 'panelVectors', decoding: 'panelDecoding', beams: 'panelBeams', roads: 'panelRoads',
  cache: 'panelCache', batch: 'panelBatch', dropout: 'panelDropout', presets: 'panelPresets' };

/** The panels below the modes. */
const BELOW: readonly State['panel'][] = STATE_CHOICES.panel.filter((name) =>
  name !== 'modes' && name !== 'decoding'
);

export function Panels({ shown, state, update }: PartProps) {
  const { t } = useWords();
  const { panel } = shown.state;
  const isOpen = BELOW.includes(panel);
  return (
    <section class="panels" aria-label={t('panels')}>
      <h2>{t('panels')}</h2>
      <div class="tabs">
        {BELOW.map((name) => (
          <button
            key={name}
            type="button"
            data-panel={name}
            aria-expanded={name === panel}
            aria-controls="panel"
            onClick={() => update({ panel: name === panel ? 'modes' : name })}
          >
            {t(PANEL_NAMES[name])}
          </button>
        ))}
      </div>
      <div id="panel" role="region" aria-label={t(PANEL_NAMES[panel])} hidden={!isOpen}>
        {isOpen && <h3>{t(PANEL_NAMES[panel])}</h3>}
        {shown.isComplete && <Panel shown={shown} state={state} update={update} />}
      </div>
    </section>
  );
}

function Panel({ shown: { state: seen, views }, state, update }: PartProps) {
  const { training, inference, context, roads, beams, batch, dropout, eightTokens, questions } =
    views;
  switch (seen.panel) {
    case 'modes':
    case 'decoding': // beside the distribution that it changes
      return null;
    case 'vectors':
      return (
        <>
          {eightTokens && <EightTokensPanel view={eightTokens} />}
          <VectorsPanel
            training={training!}
            inference={inference!}
            context={context!}
            state={seen}
          />
        </>
      );
    case 'beams':
      return <BeamsPanel view={beams!} seen={seen} state={state} update={update} />;
    case 'roads':
      return <RoadsPanel view={roads!} state={seen} />;
    case 'cache':
      return <CachePanel inference={inference!} state={seen} />;
    case 'batch':
      return <BatchPanel view={batch ?? null} state={state} update={update} />;
    case 'dropout':
      return <DropoutPanel view={dropout!} state={state} update={update} />;
    case 'presets':
      return <PresetsPanel questions={questions!} language={state.language} />;
  }
}
