/** A table that scrolls inside its own box, so that it never makes the page wider. */
import type { ComponentChildren } from 'preact';
import { moveAmong } from './arrows';

interface Props {
  /** Names the box for those who cannot see it. */
  label: string;
  caption?: string;
  class?: string;
  /** The words above each column. */
  columns: readonly string[];
  /** The rows; arrow keys move among those with a `tabIndex`. */
  children: ComponentChildren;
}

export function Table({ label, caption, class: name = '', columns, children }: Props) {
  return (
    <div
      class="scroll"
      tabIndex={0}
      role="group"
      aria-label={label}
      onKeyDown={moveAmong('tbody tr[tabindex]')}
    >
      <table class={`plain ${name}`}>
        {caption && <caption>{caption}</caption>}
        <thead>
          <tr>{columns.map((column, i) => <th key={i} scope="col">{column}</th>)}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
