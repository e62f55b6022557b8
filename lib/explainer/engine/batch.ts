/** Two prompts in one pass, padded rightly and in the four wrong ways of 16.5. */
import { softmax } from '../../base/numbers';
import { generate } from '../../inference/generate';
import { lastLogits, nextLogits } from '../../inference/next-logits';
import { type PaddedBatch, padLeft, padRight } from '../../text/padding';
import type { Rows } from '../../text/tokenizer';
import { type Example, EXAMPLES } from '../examples';
import { type State, STATE_CHOICES } from '../state';
import { distributionAfter, tokenOf } from './distribution';
import { isEnd } from './inference';
import type { Models } from './models';
import { differenceOf } from './roads';
import type { BatchCell, BatchRow, BatchView } from './views';

/** The token that fills up: masked, so that any would do; the model of the course has `<pad>`. */
const PADDING = 0;

type Padding = State['padding'];
type Inputs =
  & Pick<PaddedBatch, 'inputIds'>
  & Partial<Pick<PaddedBatch, 'attentionMask' | 'positionIds'>>;

/**
 * The two prompts of a state in one pass, each with the tokens that greedy decoding gave it in the
 * steps before, as far as neither has ended; null without a second prompt. The errors are those of
 * this one step (16.5.6).
 */
export async function computeBatch(models: Models, state: State): Promise<BatchView | null> {
  const { example: name, prompt, secondPrompt, padding, step } = state;
  if (secondPrompt.trim() === '') return null;
  const model = await models.model(name);
  const inputs = { name, prompt, secondPrompt, padding, step };
  return models.once('batch', inputs, async () => {
    const example = EXAMPLES[name];
    const prompts = [prompt, secondPrompt].map((text) => example.encode(text));
    const { sequences: ended } = await generate(model, prompts, { maxNewTokens: step });
    const shown = Math.min(...ended.map((ids, b) => passesOf(example, ids, prompts[b]!)));
    const sequences = ended.map((ids, b) => ids.slice(0, prompts[b]!.length + shown));
    const alone = sequences.map((ids) => nextLogits(model, [ids])[0]!);
    const inBatch = new Map(
      STATE_CHOICES.padding.map((way) => {
        const { inputIds, ...options } = batchOf(way, sequences, shown);
        return [way, lastLogits(model, inputIds, options)] as const;
      }),
    );
    const cells = cellsOf(example, padding, shown, sequences, prompts);
    const rows = sequences.map((ids, b): BatchRow => ({
      cells: cells[b]!,
      open: cells[b]!.map((_, query) =>
        cells[b]!.map(({ mask }, key) => key <= query && mask === 1)
      ),
      inBatch: distributionAfter(example, ids, inBatch.get(padding)![b]!),
      alone: distributionAfter(example, ids, alone[b]!),
    }));
    const errors = [...inBatch].map(([way, logits]) => ({
      padding: way,
      logits: differenceOf(logits, alone),
      probabilities: differenceOf(logits.map(softmax), alone.map(softmax)),
    }));
    return { step: shown, rows, errors };
  });
}

/** How many tokens a row has got; its end token does not count, as no pass reads it. */
function passesOf(example: Example, ids: readonly number[], prompt: readonly number[]): number {
  const n = ids.length - prompt.length;
  return n > 0 && isEnd(example, ids) ? n - 1 : n;
}

/** The input of one pass over rows of any lengths, in one of the ways of 16.5. */
export function batchOf(way: Padding, rows: Rows, step: number): Inputs {
  const { inputIds, attentionMask, positionIds } = padLeft(rows, PADDING);
  if (way === 'no mask' || (way === 'mask once' && step > 0)) return { inputIds, positionIds };
  if (way === 'no shift') return { inputIds, attentionMask };
  if (way === 'correct' || way === 'mask once') return { inputIds, attentionMask, positionIds };
  return padRight(rows, PADDING);
}

/** What the model is given in each cell, and what it takes where it is given nothing. */
function cellsOf(
  example: Example,
  way: Padding,
  step: number,
  rows: Rows,
  prompts: Rows,
): BatchCell[][] {
  const { inputIds, attentionMask, positionIds } = batchOf(way, rows, step);
  return inputIds.map((ids, b) => {
    const before = way === 'right side' ? 0 : ids.length - rows[b]!.length;
    const kindOf = (t: number): BatchCell['kind'] => {
      const place = t - before; // in the row's own text
      if (place < 0 || place >= rows[b]!.length) return 'padding';
      return place < prompts[b]!.length ? 'prompt' : 'generated';
    };
    return ids.map((id, t) => ({ ...tokenOf(example, id), kind: kindOf(t),
      mask: attentionMask?.[b]?.[t] ?? 1, position: positionIds?.[b]?.[t] ?? t })
    );
  });
}
