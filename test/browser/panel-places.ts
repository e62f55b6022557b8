/** Where the panels of a drawn figure stand. */
import type { Locator } from 'playwright-core';

/** Pixels from the upper left corner of the figure. */
export interface Place {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Panels {
  /** Of each panel, without its axes. */
  places: Place[];
  /** Whether each panel is below the one before. */
  isStacked: boolean;
  /**
   * Texts, except at bars and in cells, that lie on another text or outside the figure's height, or
   * that Plotly hides.
   */
  covered: string[];
  width: number;
  height: number;
}

/** Reads them from the elements that Plotly has drawn. */
export function panelsOf(plot: Locator): Promise<Panels> {
  return plot.evaluate(async (node) => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const whole = node.getBoundingClientRect();
    const boxOf = (element: Element): Place => {
      const box = element.getBoundingClientRect();
      return { left: Math.round(box.left - whole.left), right: Math.round(box.right - whole.left),
        top: Math.round(box.top - whole.top), bottom: Math.round(box.bottom - whole.top) };
    };
    const names = [...node.querySelectorAll('.cartesianlayer > .subplot')].map((each) =>
      [...each.classList].find((name) => /^x\d*y\d*$/.test(name))!
    );
    const places = names.map((name) =>
      boxOf(node.querySelector(`.draglayer > .${name} .nsewdrag`)!)
    );
    const texts = [...node.querySelectorAll('svg text')].filter((text) =>
      text.textContent !== '' && text.closest('.slider-group, .modebar') === null
      && text.closest('.bars, .heatmap-label') === null
    ).map((text) => ({ words: text.textContent, ...boxOf(text) }));
    const covered = texts.flatMap((one, i) =>
      texts.slice(i + 1).filter((other) =>
        one.left < other.right - 2 && other.left < one.right - 2
        && one.top < other.bottom - 4 && other.top < one.bottom - 4
      ).map((other) => `"${one.words}" and "${other.words}"`)
    );
    const outside = texts.filter(({ left, right, top, bottom }) =>
      top < -1 || bottom > whole.height + 1 || right - left < 2
    );
    return {
      places,
      isStacked: places.slice(1).every(({ top }, i) => top >= places[i]!.bottom),
      covered: [...covered, ...outside.map(({ words }) => `"${words}" is outside`)],
      width: whole.width,
      height: Math.round(whole.height),
    };
  });
}
