/** The title, and the choice of the language and of the example. */
import { defaultState, type State } from '../state';
import { Select } from './parts/switch';
import type { Update } from './use-address';
import { useWords } from './words';

interface Props {
  state: State;
  update: Update;
}

export const LANGUAGES = [
  { value: 'en', label: 'English' },
  { value: 'zh', label: '中文' },
  { value: 'de', label: 'Deutsch' },
] as const;

export function Header({ state, update }: Props) {
  const { t } = useWords();
  const examples = [
    { value: 'pull-requests', label: t('examplePullRequests') },
    { value: 'eight-tokens', label: t('exampleEightTokens') },
  ] as const;
  return (
    <header>
      <a class="skip" href="#inference" onClick={skip}>{t('skip')}</a>
      <h1 tabIndex={-1}>{t('title')}</h1>
      <p>{t('lead')}</p>
      <div class="controls">
        <Select
          label={t('example')}
          name="example"
          value={state.example}
          options={examples}
          set={(example) =>
            update({ ...defaultState(example), language: state.language, panel: state.panel })}
        />
        <Select
          label={t('language')}
          name="language"
          value={state.language}
          options={LANGUAGES}
          set={(language) => update({ language })}
        />
      </div>
    </header>
  );
}

/** The address holds the state, so the focus moves without it. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('step')?.focus();
}
