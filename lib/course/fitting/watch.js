/** Fits the figures of a page, also those that come later, whenever their width changes. */
/* global document, MutationObserver, requestAnimationFrame, ResizeObserver */
import { fit } from './fit.js';

const watched = new WeakSet();
const resizes = new ResizeObserver((entries) => entries.forEach(({ target }) => fit(target)));

let isAsked = false;

/** Watches the plots that have come since the last time. */
function look() {
  isAsked = false;
  for (const plot of document.querySelectorAll('.js-plotly-plot')) {
    if (watched.has(plot)) continue;
    watched.add(plot);
    resizes.observe(plot);
  }
}

new MutationObserver(() => {
  if (!isAsked) requestAnimationFrame(look);
  isAsked = true;
}).observe(document.documentElement, { childList: true, subtree: true });
look();
