/**
 * The arrow keys move the focus among the items of a list or a grid, which is one stop for Tab;
 * what has the focus lights up.
 */

/** Columns of a list: up and down are then back and on. */
export const LIST = 1;

/**
 * A handler for the element that holds the items; each of them has a `tabIndex`. With `select`, it
 * is a listbox in which what has the focus is selected, as the ARIA practices describe it.
 */
export const moveAmong =
  (selector: string, columns = LIST, select?: (index: number) => void) =>
  (event: KeyboardEvent): void => {
    const items = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>(selector)];
    // What has the focus, since keys may come faster than what they select is shown.
    const at = items.indexOf(document.activeElement as HTMLElement);
    const steps: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1,
      ArrowDown: at < 0 ? 0 : at + columns, ArrowUp: at - columns, Home: 0, End: items.length - 1 };
    const index = steps[event.key];
    if (index === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = items[index];
    if (to || select) event.preventDefault(); // the end of a listbox does not scroll the page
    if (!to) return;
    select?.(index);
    to.focus();
  };
