/**
 * The exercises in which one meets a bug that real projects shipped, by the names of
 * experiments/shipped-bugs.ts: as the fault to be named, or as a mistake that the check knows.
 */
const EXERCISES: Readonly<Record<string, readonly string[]>> = {
  'no causal mask': ['16.2.2', '16.2.4'],
  'targets not shifted': ['16.2.4'],
  'targets shifted twice': ['16.2.4'],
  'padding counted in the loss or in the perplexity': ['16.5.5'],
  'a perplexity that depends on the size of the batch': ['16.5.5'],
  'the context overrun, its beginning dropped without a word': ['16.3.2'],
  'evaluation mode forgotten': ['16.4.1', '16.6.3'],
  'the end token ignored': ['16.4.1'],
  'each token of a stream decoded alone': ['16.4.4'],
  'padding on the right, after the side was changed in silence': ['16.5.2'],
  'left padding without a mask': ['16.5.2'],
  'left padding without positions': ['16.5.2'],
  'prefill and decode count positions differently': ['16.5.4'],
  'temperature 0 divided by': ['16.7.6'],
  'the nucleus without the token that crosses P': ['16.7.4', '16.7.6'],
  'a penalty that divides negative logits, too': ['16.7.6'],
  'the prompt counted by one engine and not by the other': ['16.7.6'],
  'samplers in a different order': ['16.7.6'],
};

/** The ids of the exercises on a bug; none if there is none. */
export const exercisesOn = (bug: string): readonly string[] => EXERCISES[bug] ?? [];

/** The bugs that have an exercise. */
export const BUGS_WITH_EXERCISE: readonly string[] = Object.keys(EXERCISES);
