/**
 * On paper a page is narrower than in most windows, and nothing tells a figure so: what is right of
 * the paper's edge would be missing.
 */
/* global document, Plotly, window */
import { fit } from './fit.js';

/** Pixels beside the prompt of a cell on A4 and US letter, with a browser's usual margins. */
const PAPER = 600;

/** Gives every figure this width in CSS, and draws it at once. */
function widen(width) {
  for (const plot of document.querySelectorAll('.js-plotly-plot')) {
    if (!plot.layout) continue;
    plot.style.width = width;
    plot.style.breakInside = 'avoid';
    Plotly.relayout(plot, { autosize: true });
    fit(plot);
  }
}

window.addEventListener('beforeprint', () => widen(`${PAPER}px`));
window.addEventListener('afterprint', () => widen(''));
