/**
 * The predictions of the notebooks that ask for a number. A text without one would be kept for
 * nothing: no result could be held against it.
 */
export const NUMBER_QUESTIONS: ReadonlySet<string> = new Set([
  '16.0 guesses of one pass',
  '16.0 rows that the mask changes',
  '16.1 losses of one step',
  '16.1 passes to write the rest',
  '16.1 passes to check a text',
  '16.2 first loss of a new model',
  '16.2 possible texts without the mask',
  '16.2 passes of a step on own words',
  '16.3 possible words',
  '16.3 steps to the end',
  '16.3 different texts in five runs',
  '16.3 words until the answers differ',
  '16.4 tensors left by a step',
  '16.4 different texts without eval',
  '16.5 open cells',
  '16.6 tokens read',
  '16.6 passes with a draft',
  '16.7 ties in bfloat16',
  '16.7 empty nuclei',
  '16.7 tokens kept in bfloat16',
  '16.7 percent of "and"',
  '16.8 possible orders',
  '16.8 percent at once',
  '16.9 passes of the server',
]);
