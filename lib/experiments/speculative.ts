/**
 * Speculative decoding (Leviathan et al. 2023, Chen et al. 2023): a small model proposes several
 * tokens, the large one judges them all in a single pass. What comes out is what the large model
 * alone would have said, in fewer of its passes.
 */
import { checkInteger } from '../base/checks';
import { breathe } from '../base/interrupt';
import { argmax, softmax } from '../base/numbers';
import type { Random } from '../base/random';
import type { GPT } from '../model/gpt';
import { nextLogits } from '../inference/next-logits';
import type { GenerateOptions } from '../inference/options';
import type { Logits } from '../inference/processors';
import { completeRequest, type Generated, type Request, type Row,
  startRows } from '../inference/request';
import { nextScores } from '../inference/search';

export interface SpeculativeOptions
  extends Omit<GenerateOptions, 'numBeams' | 'lengthPenalty' | 'earlyStopping' | 'useCache'>
{
  /** Tokens that the draft proposes in each round. Default 5. */
  numAssistantTokens?: number;
}

export interface SpeculativeGenerated extends Generated {
  /** Tokens of the draft that the model judged, and those of them that it kept. */
  proposed: number;
  accepted: number;
  /** accepted / proposed; 0 if nothing was proposed. */
  acceptanceRate: number;
  /** Forward passes of the model; alone it would have needed one for each new token. */
  passes: number;
}

/**
 * A proposed token with the distribution [vocab] that it was drawn from; greedy proposals need
 * none.
 */
interface Proposal {
  token: number;
  from?: Float64Array;
}

/**
 * Continues each prompt as `generate(model, prompts, options)` does, with the help of `draft`: the
 * same tokens if greedy (short of ties within rounding), other tokens from the same distribution if
 * `doSample`. One prompt after the other, each pass over the whole sequence; at the edge of the
 * context, where every position would need another window, without the draft.
 * @throws RangeError if the draft has another vocabulary, and as `generate`; also if
 *   `noRepeatNgramSize` leaves the draft no token
 * @throws Error if one of the two models is in training mode
 */
export async function generateSpeculative(
  model: GPT,
  draft: GPT,
  prompts: readonly (readonly number[])[],
  options: SpeculativeOptions = {},
): Promise<SpeculativeGenerated> {
  const { numAssistantTokens = 5, ...plain } = options;
  const request = completeRequest(model, prompts, plain);
  if ('numBeams' in plain)
    throw new RangeError('speculative decoding has no beams; leave numBeams out');
  checkInteger('numAssistantTokens', numAssistantTokens, { from: 1 });
  if (draft.config.vocabSize !== model.config.vocabSize) {
    throw new RangeError(
      `the draft must have the vocabulary of the model, ${model.config.vocabSize} tokens; it has ${draft.config.vocabSize}`,
    );
  }
  if (draft.training) throw new Error('the draft is in training mode; call draft.eval() first');
  const rows = startRows(prompts, request.numReturnSequences, request.seed);
  const count = { proposed: 0, accepted: 0, passes: 0 };
  for (const row of rows) {
    const length = row.ids.length + request.maxNewTokens;
    for (
      let ended = false;
      !ended && row.ids.length < length;
      ended = request.ends.includes(row.ids.at(-1)!)
    ) {
      await breathe(request.signal);
      // the model adds one token of its own
      const room = Math.min(length - 1, model.config.nPositions) - row.ids.length;
      const proposals = await propose(draft, row, Math.min(numAssistantTokens, room), request);
      const accepted = await judge(model, row, proposals, request);
      count.passes += 1;
      count.accepted += accepted;
      // what follows a refused token is never looked at
      count.proposed += Math.min(accepted + 1, proposals.length);
    }
  }
  return { sequences: rows.map(({ ids }) => ids), ...count,
    acceptanceRate: count.proposed && count.accepted / count.proposed };
}

/** Up to `count` tokens that `draft` would put after the row, fewer if one of them ends it. */
async function propose(draft: GPT, row: Row, count: number, request: Request): Promise<Proposal[]> {
  const proposals: Proposal[] = [];
  const ids = [...row.ids];
  while (
    proposals.length < count && (proposals.length === 0 || !request.ends.includes(ids.at(-1)!))
  ) {
    await breathe(request.signal);
    const [logits] = nextLogits(draft, [ids]);
    const proposal = choose(nextScores(logits!, request, ids), request.doSample, row.random);
    proposals.push(proposal);
    ids.push(proposal.token);
  }
  return proposals;
}

/**
 * Appends the proposals that stand and one token of the model itself, after one pass. Returns how
 * many stood.
 */
async function judge(
  model: GPT,
  row: Row,
  proposals: readonly Proposal[],
  request: Request,
): Promise<number> {
  const { random, ids } = row;
  const input = [...ids, ...proposals.map(({ token }) => token)].slice(-model.config.nPositions);
  // [1, proposals + 1, vocab]
  const logits = model.forward([input], { logitsToKeep: proposals.length + 1, unchecked: true });
  const values = (await logits.data()) as Float32Array;
  logits.dispose();
  const { vocabSize } = model.config;
  const append = (token: number): void => {
    ids.push(token);
    request.onToken?.(token, row.index);
  };
  for (let i = 0; i <= proposals.length; i++) {
    const scores = nextScores(values.subarray(i * vocabSize, (i + 1) * vocabSize), request, ids);
    const proposal = proposals[i];
    const token = proposal?.from
      ? keepOrReplace(softmax(scores), proposal.from, proposal.token, random)
      : choose(scores, request.doSample, random).token;
    append(token);
    if (token !== proposal?.token) return i;
    if (request.ends.includes(token)) return i + 1;
  }
  return proposals.length;
}

/**
 * The proposed token if it stands, else another one: a refused token has residual probability 0.
 */
function keepOrReplace(
  target: Float64Array,
  draft: Float64Array,
  token: number,
  random: Random,
): number {
  return random.uniform() < acceptance(target, draft, token)
    ? token
    : random.choose(residual(target, draft));
}

function choose(scores: Logits, doSample: boolean, random: Random): Proposal {
  if (!doSample) return { token: argmax(scores) };
  const from = softmax(scores);
  return { token: random.choose(from), from };
}

/**
 * With which probability a token that was drawn from `draft` [vocab] stands where `target` [vocab]
 * is wanted: min(1, p / q).
 */
export function acceptance(
  target: ArrayLike<number>,
  draft: ArrayLike<number>,
  token: number,
): number {
  return Math.min(1, target[token]! / draft[token]!);
}

/**
 * What a refused token is replaced from: max(0, target − draft), made to sum to 1, so that in all
 * `target` comes out.
 */
export function residual(target: ArrayLike<number>, draft: ArrayLike<number>): Float64Array {
  const missing = Float64Array.from(target, (p, id) => Math.max(0, p - draft[id]!));
  const sum = missing.reduce((a, b) => a + b, 0);
  // equal but for rounding
  return sum > 0 ? missing.map((p) => p / sum) : Float64Array.from(target);
}
