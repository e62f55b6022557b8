/**
 * The engine of TensorFlow.js after a cell was ended by force: no `finally` block ran, so that its
 * open scopes, gradients and operations still count as running.
 */

interface Tensor {
  readonly isDisposed: boolean;
  dispose(): void;
}

/** What is mended in it: see EngineState in tfjs-core's engine.js. */
interface Engine {
  readonly state: {
    scopeStack: unknown[];
    activeScope: unknown;
    activeTape: readonly { readonly saved?: readonly Tensor[] }[] | null;
    gradientDepth: number;
    kernelDepth: number;
    numDataMovesStack: unknown[];
  };
  endScope(): void;
}

/** Ends what still counts as running, and frees the tensors of its scopes and gradients. */
export function resetEngine(): void {
  const engine = Reflect.get(globalThis, '_tfengine') as Engine | undefined;
  if (!engine) return;
  const { state } = engine;
  const saved = (state.activeTape ?? []).flatMap((node) => node.saved ?? []);
  Object.assign(state, { gradientDepth: 0, kernelDepth: 0, activeTape: null,
    numDataMovesStack: [] });
  try {
    saved.filter(({ isDisposed }) => !isDisposed).forEach((tensor) => tensor.dispose());
    while (state.scopeStack.length > 0) engine.endScope();
  } catch { // a tensor that was only half made
    Object.assign(state, { scopeStack: [], activeScope: null });
  }
}
