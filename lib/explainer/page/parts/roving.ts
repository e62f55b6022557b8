/** A list in which the arrow keys move: one stop for Tab, as the ARIA practices describe it. */
import { useRef } from 'preact/hooks';

interface Roving {
  list: { ref: (list: HTMLElement | null) => void; onKeyDown: (event: KeyboardEvent) => void };
  item: (index: number) => Record<string, unknown>;
}

/** `count` options, of which one is selected; moving the focus selects. */
export function useRoving(
  count: number,
  selected: number,
  select: (index: number) => void,
): Roving {
  const list = useRef<HTMLElement | null>(null);
  const current = Math.min(selected, count - 1);
  const onKeyDown = (event: KeyboardEvent): void => {
    // What has the focus, since keys may come faster than what they select is shown.
    const options = [...list.current?.querySelectorAll<HTMLElement>('[role="option"]') ?? []];
    const focused = options.indexOf(document.activeElement as HTMLElement);
    const from = focused < 0 ? current : focused;
    const steps: Record<string, number> = { ArrowDown: from + 1, ArrowRight: from + 1,
      ArrowUp: from - 1, ArrowLeft: from - 1, Home: 0, End: count - 1 };
    const wanted = steps[event.key];
    if (wanted === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const to = Math.max(0, Math.min(count - 1, wanted));
    select(to);
    options[to]?.focus();
  };
  return {
    list: { ref: (element) => list.current = element, onKeyDown },
    item: (index) => ({ role: 'option', tabIndex: index === current ? 0 : -1,
      'aria-selected': index === current, onClick: () => select(index) }),
  };
}
