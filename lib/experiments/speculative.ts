/**
 * Speculative decoding (Leviathan et al. 2023, Chen et al. 2023): a small model, the draft,
 * proposes several tokens, and the large model verifies all of them in a single pass. The text has
 * the same distribution as that of the large model alone, with fewer passes of it. The result
 * counts these passes, and the share of proposals that were accepted (16.6.8).
 */
import { check, checkInteger } from '../base/checks';
import { breathe } from '../base/interrupt';
import { argmax, softmax } from '../base/numbers';
import type { Random } from '../base/random';
import type { GPT } from '../model/gpt';
import { nextLogits } from '../inference/next-logits';
import type { GenerateOptions } from '../inference/options';
import type { Logits } from '../inference/processors';
import { completeRequest, type Generated, type GrowingRow, type Request,
  startRows } from '../inference/request';
import { nextScores } from '../inference/greedy-or-sampling';

export interface SpeculativeOptions
  extends Omit<GenerateOptions, 'numBeams' | 'lengthPenalty' | 'earlyStopping' | 'useCache'>
{
  /** Tokens that the draft proposes in each round. Default 5. */
  numAssistantTokens?: number;
}

export interface SpeculativeGenerated extends Generated {
  /** The number of the draft's tokens that the model verified, and of those that it accepted. */
  proposed: number;
  accepted: number;
  /** accepted / proposed; 0 if nothing was proposed. */
  acceptanceRate: number;
  /** Forward passes of the model; without the draft it would need one for each new token. */
  passes: number;
}

/** A proposed token, and the distribution [vocab] that it was sampled from; none if greedy. */
interface Proposal {
  token: number;
  from?: Float64Array;
}

/**
 * Continues each prompt as `generate(model, prompts, options)` does, with the help of `draft`: if
 * greedy, with the same tokens (except where a rounding error decides between two equals); if
 * `doSample`, with different tokens from the same distribution. It works prompt by prompt, and each
 * pass reads the whole sequence. Beyond the context every position would need a window of its own,
 * so the draft is not used there.
 * @throws RangeError as `generate`, also if the vocabularies differ or `noRepeatNgramSize` leaves
 *   the draft without a possible token
 * @throws Error if one of the two models is in training mode
 */
export async function generateSpeculative(
  model: GPT,
  draft: GPT,
  prompts: readonly (readonly number[])[],
  options: SpeculativeOptions = {},
): Promise<SpeculativeGenerated> {
  const { numAssistantTokens = 5, ...plain } = options;
  const unused = ['numBeams', 'lengthPenalty', 'earlyStopping', 'useCache'].find((name) =>
    name in plain
  );
  if (unused !== undefined) {
    throw new RangeError(
      `speculative decoding has neither beams nor a cache; leave ${unused} out`,
    );
  }
  const request = completeRequest(model, prompts, plain);
  checkInteger('numAssistantTokens', numAssistantTokens, { from: 1 });
  const { vocabSize } = model.config;
  check(
    draft.config.vocabSize === vocabSize,
    'vocabSize of the draft',
    `that of the model, ${vocabSize}`,
    draft.config.vocabSize,
  );
  if (draft.training) throw new Error('the draft is in training mode; call draft.eval() first');
  const rows = startRows(request.prompts, request.numReturnSequences, request.seed);
  const count = { proposed: 0, accepted: 0, passes: 0 };
  for (const row of rows) {
    const length = row.ids.length + request.maxNewTokens;
    for (
      let ended = false;
      !ended && row.ids.length < length;
      ended = request.ends.includes(row.ids.at(-1)!)
    ) {
      await breathe(request.signal);
      // the model adds one token itself
      const room = Math.min(length - 1, model.config.nPositions) - row.ids.length;
      const proposals = await propose(draft, row, Math.min(numAssistantTokens, room), request);
      const accepted = await verify(model, row, proposals, request);
      count.passes += 1;
      count.accepted += accepted;
      // tokens after a rejected one are never verified
      count.proposed += Math.min(accepted + 1, proposals.length);
    }
  }
  return { sequences: rows.map(({ ids }) => ids), ...count,
    acceptanceRate: count.proposed && count.accepted / count.proposed };
}

/** Up to `count` tokens with which `draft` continues the row, fewer if one of them ends it. */
async function propose(
  draft: GPT,
  row: GrowingRow,
  count: number,
  request: Request,
): Promise<Proposal[]> {
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
 * Verifies the proposals in one pass of `model`; appends the accepted ones and one token of the
 * model itself. Returns the number of accepted ones.
 */
async function verify(
  model: GPT,
  row: GrowingRow,
  proposals: readonly Proposal[],
  request: Request,
): Promise<number> {
  const { random, ids } = row;
  const input = [...ids, ...proposals.map(({ token }) => token)].slice(-model.config.nPositions);
  // [1, proposals + 1, vocab]
  const logits = model.forward([input], { logitsToKeep: proposals.length + 1, training: false,
    unchecked: true });
  const values = (await logits.data()) as Float32Array;
  logits.dispose();
  const { vocabSize } = model.config;
  const append = async (token: number): Promise<void> => {
    ids.push(token);
    await request.onToken?.(token, row.index);
  };
  for (let i = 0; i <= proposals.length; i++) {
    const scores = nextScores(values.subarray(i * vocabSize, (i + 1) * vocabSize), request, ids);
    const proposal = proposals[i];
    const token = proposal?.from
      ? acceptOrReplace(softmax(scores), proposal.from, proposal.token, random)
      : choose(scores, request.doSample, random).token;
    await append(token);
    if (token !== proposal?.token) return i;
    if (request.ends.includes(token)) return i + 1;
  }
  return proposals.length;
}

/**
 * The proposed token if it is accepted. Otherwise a different one, because the residual probability
 * of the proposed one is 0.
 */
function acceptOrReplace(
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
 * The probability of accepting a token that was sampled from `draft` [vocab], so that the result
 * has the distribution `target` [vocab]: min(1, p / q).
 */
export function acceptance(
  target: ArrayLike<number>,
  draft: ArrayLike<number>,
  token: number,
): number {
  return Math.min(1, target[token]! / draft[token]!);
}

/**
 * The distribution [vocab] that replaces a rejected token: max(0, target − draft), normalized. With
 * {@link acceptance} the result has exactly the distribution `target`.
 */
export function residual(target: ArrayLike<number>, draft: ArrayLike<number>): Float64Array {
  const missing = Float64Array.from(target, (p, id) => Math.max(0, p - draft[id]!));
  const sum = missing.reduce((a, b) => a + b, 0);
  // a sum of 0: the two are equal up to rounding errors
  return sum > 0 ? missing.map((p) => p / sum) : Float64Array.from(target);
}
