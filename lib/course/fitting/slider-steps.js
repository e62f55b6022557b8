/** The steps of a slider set the height and the title of their figure, too. */
import { wrappedTitle } from './titles.js';

/** The sliders, whose steps keep the figure as high as it is and wrap its title. */
export function slidersAt(sliders, first, { height, changes }, width) {
  const padAt = (s) => changes[`sliders[${s}].pad.t`] ?? first.layout.sliders[s].pad?.t;
  return sliders.map((slider, s) => ({
    ...slider,
    ...(padAt(s) ? { pad: { ...slider.pad, t: padAt(s) } } : {}),
    steps: slider.steps.map((step, i) => {
      const text = first.layout.sliders[s].steps[i].args[1]['title.text'];
      const change = text === undefined ? {} : { 'title.text': wrappedTitle(text, width) };
      return { ...step, args: step.args.map((arg, n) =>
        n === 1 ? { ...arg, ...change, height } : arg
      ) };
    }),
  }));
}
