/** A text of the reader: checked when it is sent, with a sentence on what is wrong. */
import { useEffect, useId, useState } from 'preact/hooks';
import { checkState } from '../../check-state';
import type { State } from '../../state';
import type { Update } from '../use-address';
import { useWords } from '../words';

interface Props {
  name: 'sentence' | 'prompt' | 'secondPrompt';
  label: string;
  state: State;
  update: Update;
  /** What else changes with the text. */
  also?: Partial<State>;
}

export function TextField({ name, label, state, update, also = {} }: Props) {
  const { t } = useWords();
  const id = useId();
  const [text, setText] = useState(state[name]);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    setText(state[name]);
    setProblem('');
  }, [state[name]]);

  const read = (event: Event): void => {
    event.preventDefault();
    const change = { ...also, [name]: text };
    const found = checkState({ ...state, ...change }).find(({ key }) => key === name);
    const kind = found?.kind === 'unknown word' ? 'unknownWord' : 'invalid';
    setProblem(found ? t(kind, { problem: found.sentence }) : '');
    if (!found) update(change);
  };
  return (
    <form class="field" onSubmit={read}>
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        value={text}
        autocomplete="off"
        spellcheck={false}
        lang="en"
        aria-invalid={problem !== ''}
        aria-describedby={problem ? `${id}-problem` : undefined}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      <button type="submit">{t('read')}</button>
      {problem && <p class="problem" id={`${id}-problem`} role="alert">{problem}</p>}
    </form>
  );
}
