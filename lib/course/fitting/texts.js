/** How long the texts of a figure are, in letters and in pixels, and texts in several lines. */
/* global document */

/** @param {string} text markup as Plotly reads it */
export const linesOf = (text) => String(text).split(/<br\s*\/?>/i);

const plain = (line) => line.replace(/<[^<>]*>/g, '').replace(/&#?\w+;/g, '.');

/** @param {number[]} numbers */
export const most = (numbers) => Math.max(0, ...numbers);

const pen = document.createElement('canvas').getContext('2d');

/** Pixels of the longest line of a text, in Plotly's usual font of so many pixels. */
export function pixelsOf(text, size) {
  pen.font = `${size}px "Open Sans", verdana, arial, sans-serif`;
  return most(linesOf(text).map((line) => pen.measureText(plain(line)).width));
}

/**
 * The text with more line breaks, between words. `fitIn` gives, for a line of the text, whether a
 * part of it fits in one line; a single word stays whole.
 */
export const wrapped = (text, fitIn) =>
  linesOf(text).flatMap((line) => {
    const isShort = fitIn(line);
    const lines = [''];
    for (const word of line.split(' ')) {
      const longer = `${lines.at(-1)} ${word}`.trim();
      if (lines.at(-1) !== '' && !isShort(longer)) lines.push(word);
      else lines[lines.length - 1] = longer;
    }
    return lines;
  }).join('<br>');
