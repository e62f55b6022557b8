/**
 * The arrow keys move the focus among the items of a list or a grid, which is one stop for Tab;
 * what has the focus lights up.
 */

/** Columns of a list: up and down are then back and on. */
const LIST = 1;

/** A handler for the element that holds the items; each of them has `tabIndex={-1}`. */
export const moveAmong = (selector: string, columns = LIST) => (event: KeyboardEvent): void => {
  const items = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>(selector)];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const steps: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1,
    ArrowDown: at < 0 ? 0 : at + columns, ArrowUp: at - columns, Home: 0, End: items.length - 1 };
  const to = items[steps[event.key] ?? -1];
  if (!to || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  to.focus();
};
