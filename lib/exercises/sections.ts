/** The headings that the self-test (16.9) points to; a test compares them with the notebooks. */
export const SECTIONS: Readonly<Record<string, string>> = {
  '16.0.1': 'Two modes',
  '16.0.2': 'Attention by hand',
  '16.0.5': 'Learning, in twenty lines',
  '16.1.1': 'What each mode is given',
  '16.1.2': 'One step of training',
  '16.1.9': 'Two switches',
  '16.2.1': 'The shifted pair',
  '16.2.2': 'One pass, an answer at every position',
  '16.2.3': 'The causal mask',
  '16.2.4': "Why the teacher's words?",
  '16.3.1': 'One pass, one distribution',
  '16.3.3': 'When the context is full',
  '16.3.4': 'Reading your own words',
  '16.4.2': 'Five mistakes',
  '16.5.2': 'Hide the padding',
  '16.5.4': 'Count from the first word',
  '16.5.6': 'Four ways to get it wrong',
  '16.6.1': 'Passes',
  '16.6.2': 'What the cache keeps',
  '16.6.5': 'Milliseconds',
  '16.6.8': 'A draft, verified',
  '16.7.2': 'Temperature',
  '16.7.4': 'Top-p, and a sketch that is wrong',
  '16.7.6': 'Against repetition',
  '16.7.10': 'Loops',
  '16.8.2': 'All words at once',
  '16.8.3': 'A few passes',
  '16.8.5': 'Diffusion language models',
};

/** A section with its title, such as `16.7.2 Temperature`. */
export const titled = (section: string): string => `${section} ${SECTIONS[section] ?? ''}`.trim();
