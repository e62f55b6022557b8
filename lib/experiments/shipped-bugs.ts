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
  {
    bug: 'attention scores of −∞ in a row that is all padding',
    symptom: 'NaN in the whole padded row of the batch',
    size: '105 of 105 logits are NaN',
    section: '16.5.3',
    reports: [
      ...report('pytorch/pytorch', 41508),
      ...report('tracel-ai/burn', 4697),
      ...report('robertknight/rten', 1321),
    ],
  },
  {
    bug: 'padding on the right, after the side was changed in silence',
    symptom: 'the shorter prompts of a batch go on after <pad>',
    size: 'a logit off by 14.19, no token right',
    section: '16.5.6',
    reports: report('unslothai/unsloth', 3283),
  },
  {
    bug: 'left padding without a mask',
    symptom: 'answers depend on the neighbours in the batch',
    size: 'a logit off by 5.21',
    section: '16.5.6',
    reports: report('ml-explore/mlx-lm', 1906),
  },
  {
    bug: 'left padding without positions',
    symptom: 'a wrong loss, without an error or NaN',
    size: 'a logit off by 3.44',
    section: '16.5.6',
    reports: report('TransformerLensOrg/TransformerLens', 1609),
  },
  {
    bug: 'padding masked in the first step only',
    symptom: 'the first token is right, later ones depend on the neighbours',
    size: 'a logit off by 3.12',
    section: '16.5.6',
    reports: [...report('thu-nics/C2C', 19), ...report('unslothai/unsloth', 1066)],
  },
  {
    bug: 'a perplexity that depends on the size of the batch',
    symptom: 'the same sentences get a different perplexity in larger batches',
    size: 'a perplexity of 40.4 instead of 2.03',
    section: '16.5.6',
    reports: report('ml-explore/mlx-lm', 1855),
  },
  {
    bug: 'prefill and decode count positions differently',
    symptom: 'the shorter prompts of a batch get nonsense after the first token',
    size: 'a logit off by 2.2 with rotary positions, by 7.83 with learned ones',
    section: '16.5.6',
    reports: [...report('thu-nics/C2C', 19), ...report('unslothai/unsloth', 3699)],
  },
  {
    bug: 'the query taken for that of the token being made',
    symptom: 'a book whose every step has one key too many',
    size: 'a text of 10 tokens, of which 9 were read',
    section: '16.6.2',
    reports: report('bojieli/ai-agent-book', 1042),
  },
  {
    bug: 'cached and uncached compared in 16 bits',
    symptom: 'the same prompt gets a different text, with no bug at all',
    size: 'a logit off by 0.070 in bfloat16, by 0.0000038 in float32',
    section: '16.6.2',
    reports: report('huggingface/transformers', 25420),
  },
  {
    bug: "the cache's first place left zero",
    symptom: 'fluent text that differs from the uncached one',
    size: 'a logit off by 9.38',
    section: '16.6.2',
    reports: [...report('TrenTorch/TrenTorch', 192), ...report('tenstorrent/tt-metal', 54413)],
  },
  {
    bug: 'the first tokens dropped from a full cache',
    symptom: 'nonsense as soon as the text is longer than the cache',
    size: 'a logit off by 12.82',
    section: '16.6.2',
    reports: report('awslabs/keys_values', 140, 144),
  },
  {
    bug: 'temperature 0 divided by',
    symptom: 'NaN instead of probabilities, and the sampler stops',
    size: '105 times NaN for 105 tokens',
    section: '16.7.2',
    reports: report('karpathy/nanoGPT', 738),
  },
  {
    bug: 'a tie decided in two ways',
    symptom: 'greedy decoding gives different texts on the CPU and on the GPU',
    size: '11 ties after 743 beginnings in bfloat16, none in float32',
    section: '16.7.2',
    reports: report('Pushkinist/rMLX', 373, 389),
  },
  {
    bug: 'the nucleus without the token that crosses P',
    symptom: 'fewer words to choose from than P promises',
    size: '235 of 743 nuclei differ',
    section: '16.7.4',
    reports: [...report('thu-nics/C2C', 21), ...report('fishaudio/fish-speech', 1171)],
  },
  {
    bug: 'the nucleus empty in 16 bits',
    symptom: 'arbitrary tokens where almost greedy ones were asked for',
    size: '0 tokens kept at P = 0.001 in bfloat16, 1 in float32',
    section: '16.7.4',
    reports: report('ml-explore/mlx-lm', 1912),
  },
  {
    bug: 'a penalty that divides negative logits, too',
    symptom: 'the higher the penalty, the more the text repeats itself',
    size: 'the repeated word rises from 56.3 % to 90.2 %; the penalty should lower it to 9 %',
    section: '16.7.6',
    reports: report('huggingface/transformers', 2302),
  },
  {
    bug: 'the prompt counted by one engine and not by the other',
    symptom: 'one model with the same penalty writes different texts',
    size: '"a" with 84.8 % becomes "an" with 76.2 %',
    section: '16.7.6',
    reports: report('vllm-project/vllm-metal', 69),
  },
  {
    bug: 'samplers in a different order',
    symptom: 'settings tuned on one engine are too bold or too dull on another',
    size: '9 words kept instead of 7 at temperature 2',
    section: '16.7.7',
    reports: [...report('ggml-org/llama.cpp', 4091), ...report('lablup/mlxcel', 1379)],
  },
  {
    bug: 'a length penalty that favours long beams',
    symptom: 'beam search loops, although the sentence that ends is more probable',
    size: 'a loop of 0.08 % wins against a sentence of 13.50 %',
    section: '16.7.10',
    reports: report('huggingface/transformers', 19006, 26624),
  },
];
