/**
 * A text of the reader: checked when it is sent, with a sentence on what is wrong. Whatever else is
 * touched sends it first, so that no control acts on a text other than the one that is seen.
 */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { checkState } from '../../check-state';
import type { Problem } from '../../problem';
import type { State } from '../../state';
import type { Update } from '../use-address';
import { sayProblem } from '../say-problem';
import { useWords } from '../words';

interface Props {
  name: 'sentence' | 'prompt' | 'secondPrompt';
  label: string;
  state: State;
  update: Update;
  /** What else changes with the text. */
  also?: (text: string) => Partial<State>;
}

export function TextField({ name, label, state, update, also }: Props) {
  const words = useWords();
  const { t } = words;
  const id = useId();
  const [text, setText] = useState(state[name]);
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    setText(state[name]);
    setProblem(undefined);
  }, [state[name]]);

  const read = (): void => {
    const change = { ...also?.(text), [name]: text };
    const found = checkState({ ...state, ...change }).find(({ key }) => key === name);
    setProblem(found);
    if (!found) update(change);
  };
  const form = useRef<HTMLFormElement>(null);
  const leave = useRef<() => void>(() => undefined);
  leave.current = () => {
    if (text !== state[name]) read();
  };
  // Nothing may move a button while it is pressed: a click needs both ends of the press on it.
  const isPressed = useRef(false);
  useEffect(() => {
    const isOutside = ({ target }: Event): boolean => !form.current?.contains(target as Node);
    const listeners = {
      // Not every browser takes the focus from a field when a button is touched.
      pointerdown: (event: Event): void => {
        isPressed.current = isOutside(event) && isButton(event.target as Element);
        if (isOutside(event) && !isPressed.current) leave.current();
      },
      pointerup: (): void => {
        isPressed.current = false;
      },
      click: (event: Event): void => {
        if (isOutside(event)) leave.current();
      },
    };
    const all = Object.entries(listeners);
    all.forEach(([name, listener]) => document.addEventListener(name, listener, true));
    return () =>
      all.forEach(([name, listener]) => document.removeEventListener(name, listener, true));
  }, []);
  const send = (event: Event): void => {
    event.preventDefault();
    read();
  };
  return (
    <form class="field" ref={form} onSubmit={send}>
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        value={text}
        autocomplete="off"
        spellcheck={false}
        lang="en"
        aria-invalid={problem !== undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onBlur={() => !isPressed.current && leave.current()}
      />
      <button type="submit">{t('read')}</button>
      {problem && (
        <p class="problem" id={`${id}-problem`} role="alert">{sayProblem(problem, words)}</p>
      )}
    </form>
  );
}

const isButton = (element: Element): boolean => element.closest('button, a') !== null;
