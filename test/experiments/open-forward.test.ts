import { beforeAll, describe, expect, it } from 'vitest';
import { openCache, openForward, type OpenOptions } from '../../lib/experiments/open-forward';
import { GPT, padLeft, tf } from '../../lib/index';

let model: GPT;
beforeAll(async () => {
  model =
    (await GPT.create({ nLayer: 2, nHead: 2, nEmbd: 16, nPositions: 24, vocabSize: 11,
      initializerRange: 0.3 }, 1)).eval();
});

const prompts = [[1, 2, 3, 4, 5], [6, 7]];
const last = (ids: number[][], options?: OpenOptions): number[][] =>
  tf.tidy(() => openForward(model, ids, options).arraySync().map((row) => row.at(-1)!));
const alone = (ids: number[]): number[] =>
  tf.tidy(() => model.forward([ids]).arraySync()[0]!.at(-1)!);
const apart = (a: number[], b: number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

describe('the open pass', () => {
  it('has the logits of forward, at every position', () => {
    const [ids] = prompts as [number[]];
    const open = tf.tidy(() => openForward(model, [ids]).dataSync());
    const real = tf.tidy(() => model.forward([ids]).dataSync());
    expect(open.length).toBe(5 * 11);
    expect(apart([...open], [...real])).toBeLessThan(1e-5);
    const parted = tf.tidy(() => openForward(model, [ids], { sumParts: 4 }).dataSync());
    expect(apart([...parted], [...real])).toBeLessThan(1e-5);
  });

  it('takes what padLeft gives, in both kinds of positions, and is NaN with −∞', () => {
    const batch = padLeft(prompts, 0);
    prompts.forEach((ids, b) =>
      expect(apart(last(batch.inputIds, batch)[b]!, alone(ids)))
        .toBeLessThan(1e-5)
    );
    const rotary = last(batch.inputIds, { ...batch, rotary: true });
    prompts.forEach((ids, b) =>
      expect(apart(rotary[b]!, last([ids], { rotary: true })[0]!))
        .toBeLessThan(1e-5)
    );
    expect(apart(rotary[1]!, alone(prompts[1]!))).toBeGreaterThan(0.1);
    const infinite = last(batch.inputIds, { ...batch, closedScore: -Infinity });
    expect(infinite[0]!.every(Number.isFinite)).toBe(true); // this row has no padding
    expect(infinite[1]!.every(Number.isNaN)).toBe(true);
  });

  it('goes on from its cache, and from one whose numbers have few bits nearly so', () => {
    const [ids] = prompts as [number[]];
    const byToken = (options: OpenOptions): number[] =>
      tf.tidy(() => {
        const cache = openCache(model);
        const rows = ids.map((id) => openForward(model, [[id]], { ...options, cache }));
        return rows.at(-1)!.arraySync()[0]![0]!;
      });
    expect(apart(byToken({}), alone(ids))).toBeLessThan(1e-5);
    expect(apart(byToken({ rotary: true }), last([ids], { rotary: true })[0]!)).toBeLessThan(1e-5);
    const errors = [8, 4, 2].map((cacheBits) => apart(byToken({ cacheBits }), alone(ids)));
    expect(errors[0]).toBeGreaterThan(1e-4);
    expect(errors[0]).toBeLessThan(errors[1]!);
    expect(errors[1]).toBeLessThan(errors[2]!);
    const levels = tf.tidy(() => { // with 2 bits: a vector holds −s, 0 and s
      const cache = openCache(model);
      openForward(model, [ids], { cache, cacheBits: 2 });
      return cache.flatMap(({ keys, values }) => [keys[0]!, values[0]!]).flatMap((kept) =>
        kept.arraySync().flat(2).map((vector) => new Set(vector.map(Math.abs)).size)
      );
    });
    expect(levels).toHaveLength(2 * 2 * 2 * 5); // layers, keys and values, heads, tokens
    expect(Math.max(...levels)).toBe(2);
  });

  it('lets several texts share a row: each gets what it gets alone', () => {
    const packed = { positionIds: [prompts.flatMap((ids) => [...ids.keys()])],
      documents: [prompts.flatMap((ids, n) => ids.map(() => n))] };
    const rows = tf.tidy(() => openForward(model, [prompts.flat()], packed).arraySync()[0]!);
    expect(apart(rows[4]!, alone(prompts[0]!))).toBeLessThan(1e-5);
    expect(apart(rows[6]!, alone(prompts[1]!))).toBeLessThan(1e-5);
    const mixed = last([prompts.flat()], { positionIds: packed.positionIds })[0]!;
    expect(apart(mixed, alone(prompts[1]!))).toBeGreaterThan(0.1);
  });

  it('rounds to a format: bfloat16 more than float16, and logits are numbers of it', () => {
    const [ids] = prompts as [number[]];
    const errors = (['float16', 'bfloat16'] as const).map((format) =>
      apart(last([ids], { format })[0]!, alone(ids))
    );
    const parted = last([ids], { format: 'bfloat16', sumParts: 4 })[0]!;
    expect(apart(parted, last([ids], { format: 'bfloat16' })[0]!)).toBeGreaterThan(1e-3);
    expect(errors[0]).toBeGreaterThan(1e-4);
    expect(errors[1]).toBeGreaterThan(3 * errors[0]!);
    for (const logit of last([ids], { format: 'bfloat16' })[0]!)
      expect(new Uint32Array(Float32Array.of(logit).buffer)[0]! & 0xffff).toBe(0);
  });

  it('refuses what does not fit, and leaves no tensors inside of tf.tidy', () => {
    expect(() => last([[1, 2]], { documents: [[0]] })).toThrow(
      'documents must have the shape [1, 2]',
    );
    expect(() => last([[1, 2]], { positionIds: [[0, 24]] })).toThrow('positionIds');
    expect(() => last([[1]], { cacheBits: 1 })).toThrow(
      'cacheBits must be an integer from 2 to 16',
    );
    expect(() => last([[1]], { format: 'half' as never })).toThrow('format must be one of');
    expect(() => last([[1]], { misspelt: 1 } as object)).toThrow('unknown option misspelt');
    const before = tf.memory().numTensors;
    last([[1, 2]], { format: 'float16', cacheBits: 8, rotary: true });
    expect(tf.memory().numTensors).toBe(before);
  });
});
