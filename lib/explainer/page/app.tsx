/** The page: header, the two modes with the counter between them, and the panels. */
import { useEffect } from 'preact/hooks';
import { arithmetic } from '../engine/arithmetic';
import type { Models } from '../engine/models';
import { toAddress } from '../address';
import { EXAMPLES } from '../examples';
import { Counter, RoadSwitch } from './counter';
import { Header } from './header';
import { InferenceSide } from './inference-side';
import { LiveRegion } from './live-region';
import { Panels } from './panels';
import { Light } from './parts/light';
import { sayProblem } from './say-problem';
import { TrainingSide } from './training-side';
import { useAddress } from './use-address';
import { useViews } from './use-views';
import { LanguageContext, type TextKey, wordsOf } from './words';

export function App({ models }: { models: Models }) {
  const { state, problem, update } = useAddress();
  const { shown, trouble } = useViews(models, state);
  const words = wordsOf(state.language);
  const { t } = words;
  const slow = slownessOf(shown !== undefined);
  const { layers, heads, width } = EXAMPLES[state.example];
  useEffect(() => {
    if (shown) performance.mark('shown'); // the benchmark reads the first
  }, [shown]);
  useEffect(() => {
    document.documentElement.lang = state.language === 'zh' ? 'zh-Hans' : state.language;
    document.title = t('title');
  }, [state.language]);
  return (
    <LanguageContext.Provider value={state.language}>
      <Light position={state.position} />
      <Header state={state} update={update} />
      {slow && <p class="problem banner" role="alert">{t(slow)}</p>}
      {problem && (
        <p class="problem banner" role="alert">
          {t('brokenLink', { problem: sayProblem(problem, words) })}{' '}
          <button type="button" id="go-on" onClick={() => update({})}>{t('goOn')}</button>
        </p>
      )}
      {trouble && (
        <p class="problem banner" role="alert">
          {trouble.file ? t('fileMissing', { file: trouble.file }) : t('trouble')}{' '}
          <button type="button" onClick={() => location.reload()}>{t('tryAgain')}</button>
        </p>
      )}
      {shown
        ? (
          <main data-shown={shown.isComplete ? toAddress(shown.state) : undefined}>
            <div class="modes">
              <TrainingSide shown={shown} state={state} update={update} />
              <div class="between">
                <Counter counter={shown.views.counter!} />
                {shown.views.roads && (
                  <RoadSwitch roads={shown.views.roads} state={state} update={update} />
                )}
              </div>
              <InferenceSide shown={shown} state={state} update={update} />
            </div>
            <Panels shown={shown} state={state} update={update} />
          </main>
        )
        : (
          !trouble && <p role="status">{t('loading')}</p>
        )}
      <LiveRegion shown={shown} />
      <footer>{t('footer', { layers, heads, width })}</footer>
    </LanguageContext.Provider>
  );
}

/** Why the numbers come slowly in this browser, if they do; known when a model has been loaded. */
function slownessOf(isLoaded: boolean): TextKey | undefined {
  if (typeof WebAssembly === 'undefined') return 'noWebAssembly';
  if (!isLoaded) return undefined;
  const names = { SIMD: undefined, WebAssembly: 'noSimd', JavaScript: 'noBackend' } as const;
  return names[arithmetic()];
}
