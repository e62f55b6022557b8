/** How long the texts of a figure are, in letters and in pixels, and texts in several lines. */

/** @param {string} text markup as Plotly reads it */
export const linesOf = (text) => String(text).split(/<br\s*\/?>/i);

/** @param {string} line */
export const lettersOf = (line) => line.replace(/<[^<>]*>/g, '').replace(/&#?\w+;/g, '.').length;

/** @param {number[]} numbers */
export const most = (numbers) => Math.max(0, ...numbers);

/**
 * The text with more line breaks, between words, so that no line but a single long word has more
 * letters than `lettersIn` gives for it.
 */
export const wrapped = (text, lettersIn) =>
  linesOf(text).flatMap((line) => {
    const room = lettersIn(line);
    const lines = [''];
    for (const word of line.split(' ')) {
      const longer = `${lines.at(-1)} ${word}`.trim();
      if (lines.at(-1) !== '' && lettersOf(longer) > room) lines.push(word);
      else lines[lines.length - 1] = longer;
    }
    return lines;
  }).join('<br>');
