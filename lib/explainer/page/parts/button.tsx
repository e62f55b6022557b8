/**
 * A button that keeps the focus when it can do nothing more: a disabled one would lose it, and
 * with it the place of those who use the keyboard.
 */
import type { ComponentChildren } from 'preact';

interface Props {
  id: string;
  /** Whether it does something now. */
  works?: boolean;
  isMain?: boolean;
  onClick: () => void;
  children: ComponentChildren;
}

export function Button({ id, works = true, isMain = false, onClick, children }: Props) {
  return (
    <button
      type="button"
      id={id}
      class={isMain ? 'main' : ''}
      aria-disabled={!works}
      onClick={() => works && onClick()}
    >
      {children}
    </button>
  );
}
