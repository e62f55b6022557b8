/** Texts of drawn figures that a reader cannot read. */
import type { Page } from 'playwright-core';

/**
 * The texts of each figure of the page that are slanted, hidden, outside the figure, on another
 * text, or under the mode bar; one line each.
 */
export const textFaults = (page: Page): Promise<string[]> => page.evaluate(faultsHere);

/** Runs in the page. */
function faultsHere(): string[] {
  const angleOf = (text: SVGTextElement): number => {
    const { a, b } = text.getScreenCTM()!;
    return Math.round(Math.atan2(b, a) * 180 / Math.PI);
  };
  const isShown = (text: Element, plot: Element): boolean => {
    for (let each: Element | null = text; each && each !== plot; each = each.parentElement) {
      const { display, opacity, visibility } = getComputedStyle(each);
      if (display === 'none' || opacity === '0' || visibility === 'hidden') return false;
    }
    return text.getBoundingClientRect().width >= 1;
  };
  // A bar without a value has an empty label, which Plotly hides; a hover text is not in the plot.
  const mayHide = '.bartext, .hoverlayer *';
  const touch = (one: DOMRect, other: DOMRect, x: number, y: number): boolean =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > x
    && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > y;

  return [...document.querySelectorAll('.js-plotly-plot')].flatMap((plot) => {
    const name = plot.getAttribute('data-name')!;
    const whole = plot.getBoundingClientRect();
    const all = [...plot.querySelectorAll<SVGTextElement>('svg text')]
      .filter((text) => text.textContent.trim() !== '' && !text.closest('.modebar'));
    const texts = all.filter((text) => isShown(text, plot)).map((text) => ({
      words: text.textContent,
      box: text.getBoundingClientRect(),
      angle: angleOf(text),
    }));
    const hidden = all.filter((text) => !isShown(text, plot) && !text.matches(mayHide));
    const slanted = texts.filter(({ angle }) => angle % 90 !== 0);
    const outside = texts.filter(({ box }) =>
      box.left < whole.left - 1 || box.right > whole.right + 1 || box.top < whole.top - 1
      || box.bottom > whole.bottom + 1
    );
    const straight = texts.filter(({ angle }) => angle % 90 === 0);
    // The box of a line is higher than its letters.
    const on = straight.flatMap((one, i) =>
      straight.slice(i + 1).filter((other) =>
        one.angle !== 0 && other.angle !== 0
          ? touch(one.box, other.box, 5, 1)
          : touch(one.box, other.box, 1, 4)
      ).map((other) => `"${one.words}" and "${other.words}" on each other`)
    );
    const buttons = [...plot.querySelectorAll('.modebar-btn')]
      .map((button) => button.getBoundingClientRect());
    const under = texts.filter(({ box }) => buttons.some((button) => touch(box, button, 0, 3)));
    return [
      ...slanted.map(({ words }) => `"${words}" slanted`),
      ...hidden.map(({ textContent }) => `"${textContent}" hidden`),
      ...outside.map(({ words }) => `"${words}" outside`),
      ...on,
      ...under.map(({ words }) => `"${words}" under the mode bar`),
    ].map((fault) => `${name}: ${fault}`);
  });
}
