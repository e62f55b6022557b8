/**
 * Bugs in training and generation that real projects shipped, most of them silently. A notebook
 * runs and measures each one; 16.9 lists all of them. The reports are public issues and pull
 * requests.
 */

/** A public report: `owner/name` and the number of an issue or pull request on GitHub. */
export interface BugReport {
  readonly repository: string;
  readonly number: number;
}

export interface ShippedBug {
  readonly bug: string;
  /** What one sees of it. */
  readonly symptom: string;
  /**
   * How large the error is on the course's own model, with its unit. Its numbers are those that the
   * section prints; a test compares them.
   */
  readonly size: string;
  /** The section that runs it, such as `16.2.6`. */
  readonly section: string;
  readonly reports: readonly BugReport[];
}

const report = (repository: string, ...numbers: number[]): BugReport[] =>
  numbers.map((number) => ({ repository, number }));

/** In the order of the sections. */
export const SHIPPED_BUGS: readonly ShippedBug[] = [
  {
    bug: 'log-probabilities off by one',
    symptom: 'a text that the model has just read looks extremely improbable',
    size: '12.08 nats a word where 0.71 are right',
    section: '16.1.2',
    reports: report('AI-Hypercomputer/maxtext', 2103),
  },
  {
    bug: 'no causal mask',
    symptom: 'the loss falls below the entropy floor, and the texts are impossible',
    size: 'a loss of 0.113 nats where the floor is 0.666; 0 of 128 texts possible',
    section: '16.2.3',
    reports: report('huggingface/transformers', 48748),
  },
  {
    bug: 'targets not shifted',
    symptom: 'the loss is nearly 0, and the model repeats its last word',
    size: 'a loss of 0.01 nats in training, 10.58 on true words; 0 of 128 texts possible',
    section: '16.2.6',
    reports: report('KempnerInstitute/KempnerForge', 154),
  },
  {
    bug: 'targets shifted twice',
    symptom: 'the loss stays high, and the texts skip words',
    size: 'a loss of 8.5 nats on true words where 0.8 is reached; 0 of 128 texts possible',
    section: '16.2.6',
    reports: report('huggingface/transformers', 46784, 46897, 47394),
  },
  {
    bug: 'padding counted in the loss or in the perplexity',
    symptom: 'the loss looks better than the model is',
    size: 'a loss of 0.47 nats is reported where the words have 0.84',
    section: '16.2.6',
    reports: report('axolotl-ai-cloud/axolotl', 3988),
  },
  {
    bug: 'the padding token is the end token, and left out of the loss',
    symptom: 'the model never learns to stop',
    size: '0 of 128 texts end, where 117 do with a padding token of its own',
    section: '16.2.6',
    reports: [...report('mlabonne/llm-course', 33), ...report('huggingface/smol-course', 159)],
  },
  {
    bug: 'packed rows without borders between the documents',
    symptom: 'the document in front changes the answers',
    size: 'probabilities change by up to 0.0067',
    section: '16.2.6',
    reports: report('huggingface/nanoVLM', 204),
  },
  {
    bug: 'the context overrun, its beginning dropped without a word',
    symptom: 'the model answers as if the first words had never been there',
    size: 'the probability of "they" falls from 66 % to 3 %',
    section: '16.3.3',
    reports: report('ollama/ollama', 3839),
  },
  {
    bug: 'evaluation mode forgotten',
    symptom: 'greedy decoding gives different texts',
    size: '14 different texts in 20 calls, all 20 possible',
    section: '16.4.2',
    reports: report('ipolharvard/ethos-ares', 20),
  },
  {
    bug: 'the end token ignored',
    symptom: 'the text goes on after its end, up to the limit',
    size: '26 of 30 new tokens come after the end',
    section: '16.4.2',
    reports: report('Blaizzy/mlx-vlm', 2112, 309),
  },
  {
    bug: 'each token of a stream decoded alone',
    symptom: 'characters beyond plain letters arrive as �',
    size: '4 of 6 tokens are no character alone',
    section: '16.4.3',
    reports: report('antonellof/ferrox', 125),
  },
];
