/** What changed, in a sentence for those who do not see it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { State } from '../state';
import { LANGUAGES } from './header';
import { endOf } from './inference-side';
import { PANEL_NAMES } from './panels';
import { PADDINGS } from './panels/batch';
import type { ShownState } from './use-views';
import { useWords, type Words } from './words';

export function LiveRegion({ shown }: { shown?: ShownState | undefined }) {
  const words = useWords();
  const before = useRef<ShownState>();
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (!shown?.isComplete) return;
    if (before.current && before.current.state !== shown.state)
      setSaid(whatChanged(before.current.state, shown, words));
    before.current = shown;
  }, [shown]);
  return <p class="visually-hidden" role="status" id="said">{said}</p>;
}

/** A sentence on the most important difference; empty if there is none. */
export function whatChanged(
  before: State,
  { state, views }: ShownState,
  { t, number }: Words,
): string {
  const isNew = (key: keyof State): boolean => before[key] !== state[key];
  const { training, inference, roads } = views;
  const loss = number(training!.meanLoss);
  if (isNew('prompt')) return t('saidPrompt', { tokens: inference!.prompt.length });
  if (isNew('step')) {
    const { steps } = inference!;
    const step = Math.min(state.step, steps.length); // as the page shows it
    const pass = steps[step - 1];
    const bar = pass?.distribution.find(({ id }) => id === pass.chosen.id);
    if (!pass || !bar) return t('notStarted');
    const said = t('saidStep', { pass: step, token: pass.chosen.text,
      probability: number(bar.processed, 'percent') });
    return state.step >= inference!.passes ? `${said} ${endOf(inference!, t)}` : said;
  }
  if (isNew('causal')) return t('saidMask', { state: t(state.causal ? 'on' : 'off'), loss });
  if (isNew('trainingSteps') || isNew('sentence'))
    return t('saidTraining', { steps: state.trainingSteps, loss });
  if (isNew('position')) {
    const at = Math.min(state.position, training!.positions.length - 1);
    const position = training!.positions[at]!;
    return t('saidPosition', { position: at + 1, token: position.input.text,
      loss: number(position.loss) });
  }
  if (isNew('controls') && state.controls) return t('saidPanel', { panel: t('panelDecoding') });
  if (isNew('panel') && state.panel !== 'modes')
    return t('saidPanel', { panel: t(PANEL_NAMES[state.panel]) });
  if (isNew('road')) {
    const road = roads!.roads.find(({ name }) => name === state.road);
    return road
      ? t('saidRoad', { road: t(road.name), passes: road.work.passes, tokens: road.work.tokens })
      : t('noSuchRoad');
  }
  return otherChange(isNew, state, { t, number });
}

const NAMED = [
  'layer',
  'head',
  'temperature',
  'topK',
  'topP',
  'minP',
  'repetitionPenalty',
  'numBeams',
  'lengthPenalty',
  'seed',
  'maxNewTokens',
  'useCache',
  'strategy',
] as const;

function otherChange(
  isNew: (key: keyof State) => boolean,
  state: State,
  { t, number }: Words,
): string {
  const said = (name: string, value: string): string => t('saidOther', { name, value });
  if (isNew('padding')) return said(t('padding'), t(PADDINGS[state.padding]));
  if (isNew('secondPrompt')) return said(t('secondPrompt'), state.secondPrompt || t('emptyText'));
  if (isNew('dropout')) return said(t('dropoutSwitch'), t(state.dropout ? 'on' : 'off'));
  if (isNew('language'))
    return said(t('language'), LANGUAGES[state.language]);
  const key = NAMED.find(isNew);
  if (!key) return '';
  const value = state[key];
  const text = typeof value === 'boolean'
    ? t(value ? 'on' : 'off')
    : typeof value === 'number'
    ? number(key === 'layer' || key === 'head' ? value + 1 : value, Number.isInteger(value) ? 0 : 2)
    : t(value);
  return said(t(key), text);
}
