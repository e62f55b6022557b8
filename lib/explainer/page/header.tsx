/** The title, and the choice of the language and of the example. */
import { defaultState, type State, STATE_CHOICES } from '../state';
import { Select } from './parts/switch';
import type { Update } from './use-address';
import { type TextKey, useWords } from './words';

interface Props {
  state: State;
  update: Update;
}

/** Each language by its own name. */
export const LANGUAGES: Record<State['language'], string> = { en: 'English', zh: '中文',
  de: 'Deutsch' };

export const EXAMPLE_NAMES: Record<State['example'], TextKey> = {
  'pull-requests': 'examplePullRequests',
  'eight-tokens': 'exampleEightTokens',
};

export function Header({ state, update }: Props) {
  const { t } = useWords();
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
          options={STATE_CHOICES.example}
          text={(example) => t(EXAMPLE_NAMES[example])}
          set={(example) =>
            update({ ...defaultState(example), language: state.language, panel: state.panel,
              controls: state.controls })}
        />
        <Select
          label={t('language')}
          name="language"
          value={state.language}
          options={STATE_CHOICES.language}
          text={(language) => LANGUAGES[language]}
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
