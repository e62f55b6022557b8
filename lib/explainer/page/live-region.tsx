/** What changed, in a sentence for those who do not see it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { InferenceView } from '../engine/views';
import type { State } from '../state';
import { EXAMPLE_NAMES, LANGUAGES } from './header';
import { endAfter } from './inference-side';
import { PANEL_NAMES } from './panels';
import { PADDINGS } from './panels/batch';
import type { ShownState } from './use-views';
import { type TextKey, useWords, type Words } from './words';

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

/** A sentence on each difference, the most important first; empty if there is none. */
export function whatChanged(before: State, { state, views }: ShownState, words: Words): string {
  const { t, number } = words;
  const isNew = (key: keyof State): boolean => before[key] !== state[key];
  const { training, inference, roads } = views;
  const loss = number(training!.meanLoss);
  const said: string[] = [];
  if (isNew('example'))
    said.push(t('saidOther', { name: t('example'), value: t(EXAMPLE_NAMES[state.example]) }));
  if (isNew('prompt')) said.push(t('saidPrompt', { tokens: inference!.prompt.length }));
  if (isNew('step')) said.push(saidStep(inference!, state.step, words));
  if (isNew('causal')) said.push(t('saidMask', { state: t(state.causal ? 'on' : 'off'), loss }));
  else if (isNew('trainingSteps') || isNew('sentence'))
    said.push(t('saidTraining', { steps: state.trainingSteps, loss }));
  if (isNew('position') && !isNew('example')) {
    const at = Math.min(state.position, training!.positions.length - 1);
    const position = training!.positions[at]!;
    said.push(
      t('saidPosition', { position: at, token: position.input.text, loss: number(position.loss) }),
    );
  }
  if (isNew('controls') || (isNew('panel') && state.panel === 'decoding'))
    said.push(opened('panelDecoding', state.controls || state.panel === 'decoding', t));
  else if (isNew('panel')) {
    const isOpen = state.panel !== 'modes';
    said.push(opened(PANEL_NAMES[isOpen ? state.panel : before.panel], isOpen, t));
  }
  if (isNew('road')) {
    const road = roads!.roads.find(({ name }) => name === state.road);
    said.push(
      road
        ? t('saidRoad', { road: t(road.name), passes: road.work.passes, tokens: road.work.tokens })
        : t('noSuchRoad'),
    );
  }
  return [...said, ...otherChanges(isNew, state, words)].join(' ');
}

const opened = (panel: TextKey, isOpen: boolean, t: Words['t']): string =>
  t(isOpen ? 'saidPanel' : 'saidClosed', { panel: t(panel) });

/** What the last of `shown` passes chose, and what it ended. */
function saidStep(inference: InferenceView, shown: number, { t, number }: Words): string {
  const { steps, passes } = inference;
  const step = Math.min(shown, steps.length); // as the page shows it
  const pass = steps[step - 1];
  const bar = pass?.distribution.find(({ id }) => id === pass.chosen.id);
  if (!pass || !bar) return t('notStarted');
  const said = t('saidStep', { pass: step, token: pass.chosen.text,
    probability: number(bar.processed, 'percent') });
  const ended = endAfter(inference, shown, t);
  if (shown > step && shown < passes) return ended; // this pass chose no token of the sequence
  return ended ? `${said} ${ended}` : said;
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

function otherChanges(
  isNew: (key: keyof State) => boolean,
  state: State,
  { t, number }: Words,
): string[] {
  const said = (name: string, value: string): string => t('saidOther', { name, value });
  const valueOf = (key: typeof NAMED[number]): string => {
    const value = state[key];
    if (typeof value === 'boolean') return t(value ? 'on' : 'off');
    if (typeof value === 'string') return t(value);
    return number(value, Number.isInteger(value) ? 0 : 2);
  };
  return [
    ...(isNew('padding') ? [said(t('padding'), t(PADDINGS[state.padding]))] : []),
    ...(isNew('secondPrompt')
      ? [said(t('secondPrompt'), state.secondPrompt.trim() || t('emptyText'))]
      : []),
    ...(isNew('dropout') ? [said(t('dropoutSwitch'), t(state.dropout ? 'on' : 'off'))] : []),
    ...(isNew('language') ? [said(t('language'), LANGUAGES[state.language])] : []),
    ...(isNew('example') ? [] : NAMED.filter(isNew).map((key) => said(t(key), valueOf(key)))),
  ];
}
