/**
 * Texts in figures. Plotly reads its texts as markup (`<s>` strikes out, `&amp;` is `&`), and so do
 * SVG and Markdown: what a caller gives as plain text is escaped here, for all of them.
 */

/** The tags that Plotly knows; it shows all others as they are written. */
const TAG = /<(?=\/?(?:a|b|br|em|i|s|span|strong|sub|sup|u)(?:\s[^<>]*)?>)/gi;
/** What it replaces by a character. */
const ENTITY = /&(?=(?:#\d+|#x[\da-f]+|[a-z]+);)/gi;

/**
 * Plain text as Plotly's markup, the same text if it holds none. A line break in it is a line break
 * in the plot.
 */
export function markup(text: string): string {
  return text.replace(ENTITY, '&amp;').replace(TAG, '&lt;').replace(/\r\n?|\n/g, '<br>');
}

/**
 * Plain text for the name beside a hover text, from which Plotly removes every tag, known or not,
 * after putting in values for `%{…}`.
 */
export function hoverName(text: string): string {
  return markup(text).replace(/<(?!br>)/g, '&lt;').replace(/%(?=\{)/g, '&#37;');
}

/** Plain text for a sentence: in one line. */
export const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ');

/** Markup as plain text: without tags, entities as characters. */
export function plainText(text: string): string {
  return text.replace(/<\/?(?:a|b|em|i|s|span|strong|sub|sup|u)(?:\s[^<>]*)?>/gi, '')
    .replace(/<br>/gi, ' ')
    .replace(/&#37;/g, '%').replace(/&lt;/g, '<').replace(/&amp;/g, '&');
}

/** Plain text inside an element of SVG, without the characters that XML forbids. */
export function xmlText(text: string): string {
  return text.replace(/[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '�')
    .replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** Plain text in a cell of a Markdown table, formulas, links and HTML included. */
export function markdownCell(text: string): string {
  return oneLine(text).replace(/([|\\<*_])/g, '\\$1')
    .replace(/[&`[\]$~]/g, (character) => `&#${character.charCodeAt(0)};`);
}
