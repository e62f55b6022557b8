/**
 * One new token for each of a few sequences, as one run over fixed memory: no tensor is made but
 * the logits, so that nothing stands between one kernel and the next. It computes what GPT.forward
 * computes, which tests hold it to.
 */
import type { CachedLayer } from '../plain';
import type { tf } from '../tf';
import { attendToCache } from './attention';
import type { Machine } from './machine';

/** A gain or matrix, and its bias. */
export type Pair = readonly [weight: tf.Tensor, bias: tf.Tensor];

/** A GPT-2 as lists of weights. */
export interface Network {
  readonly nHead: number;
  readonly epsilon: number;
  readonly tokens: tf.Tensor; //    [vocab, width]
  readonly positions: tf.Tensor; // [nPositions, width]
  readonly layers: readonly {
    readonly scale: number;
    readonly norm1: Pair;
    readonly qkv: Pair;
    readonly project: Pair;
    readonly norm2: Pair;
    readonly up: Pair;
    readonly down: Pair;
  }[];
  readonly lastNorm: Pair;
  readonly head: tf.Tensor; // [vocab, width]
}

/** The tokens of one step. */
export interface Step {
  /** One token and its place for each sequence. */
  readonly ids: readonly number[];
  readonly positions: readonly number[];
  /**
   * How many tokens the caches hold, and for each sequence the 1s and 0s of those and the new one;
   * undefined for all 1.
   */
  readonly past: number;
  readonly keyMask?: readonly (readonly number[])[];
}

/** Most sequences of one step: with more, packing the weights for the matrix kernel pays. */
export const MOST_ROWS = 16;

/** Logits [batch, 1, vocab] of one step; the new keys and values are written into `caches`. */
export function decodeStep(
  machine: Machine,
  network: Network,
  caches: readonly CachedLayer[],
  step: Step,
): tf.Tensor3D {
  const { kernels } = machine;
  const rows = step.ids.length;
  const [vocab, width] = network.tokens.shape as [number, number];
  const inner = network.layers[0]!.up[0].shape[1]!;
  const total = step.past + 1;
  const logits = machine.output([rows, 1, vocab]);
  const sizes = [width, width, 3 * width, inner, width, 1, 1, total].map((size) => rows * size);
  machine.reserve(
    kernels.linearRowsOwn(),
    Math.max(
      kernels.linearRowsShared(rows, Math.max(width, inner)),
      kernels.dotsShared(rows, width),
    ),
  );
  const base = machine.allocate(4 * sizes.reduce((sum, size) => sum + size, 0));
  try {
    let end = base;
    const [x, normal, qkv, hidden, mixed, ids, positions, mask] = sizes.map((size) =>
      (end += 4 * size) - 4 * size
    ) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    machine.integers(ids, rows).set(step.ids);
    machine.integers(positions, rows).set(step.positions);
    step.keyMask?.forEach((row, r) => machine.view(mask + 4 * r * total, total).set(row));
    const at = (tensor: tf.Tensor): number => machine.pointer(tensor);
    const norm = ([weight, bias]: Pair): void =>
      kernels.layerNorm(x, at(weight), at(bias), normal, 0, rows, width, network.epsilon);
    const linear = (from: number, [weight, bias]: Pair, to: number, add: 0 | 1): void =>
      kernels.linearRows(
        from,
        at(weight),
        at(bias),
        to,
        rows,
        weight.shape[0]!,
        weight.shape[1]!,
        add,
      );

    kernels.gatherRows(at(network.tokens), ids, x, rows, width);
    kernels.addRows(at(network.positions), positions, x, rows, width);
    network.layers.forEach((layer, i) => {
      norm(layer.norm1);
      linear(normal, layer.qkv, qkv, 0);
      attendToCache(machine, {
        qkv,
        keys: at(caches[i]!.keys),
        values: at(caches[i]!.values),
        out: mixed,
        keyMask: step.keyMask ? mask : 0,
        batch: rows,
        seq: 1,
        width,
        nHead: network.nHead,
        past: step.past,
        capacity: caches[i]!.keys.shape[1]!,
        scale: layer.scale,
      });
      linear(mixed, layer.project, x, 1);
      norm(layer.norm2);
      linear(normal, layer.up, hidden, 0);
      kernels.gelu(hidden, hidden, rows * inner);
      linear(hidden, layer.down, x, 1);
    });
    norm(network.lastNorm);
    kernels.dots(normal, at(network.head), at(logits), rows, width, vocab);
  } finally {
    machine.free(base);
  }
  return logits as tf.Tensor3D;
}
