/** A numbered list whose lines light what belongs to them: arrow keys move among its items. */
import type { ComponentChildren } from 'preact';
import { moveAmong } from './arrows';

interface Props {
  /** Names the list for those who cannot see it. */
  label: string;
  class?: string;
  /** Items with a `tabIndex`. */
  children: ComponentChildren;
}

export function LitList({ label, class: name = '', children }: Props) {
  return (
    <ol class={`plain lines ${name}`} tabIndex={0} aria-label={label} onKeyDown={moveAmong('li')}>
      {children}
    </ol>
  );
}
