/** A beam search as a tree: what was continued, pruned, finished after each pass (16.7). */
import { exp } from '../../base/exp-and-log';
import { type Example, EXAMPLES } from '../examples';
import type { State } from '../state';
import { type BeamRun, type Considered, watchBeams } from './beam-run';
import { tokenOf, tokensOf } from './distribution';
import { requestOptions } from './inference';
import type { Models } from './models';
import type { BeamNode, BeamStage, BeamView, Fate } from './views';

/** How many ranks of candidates the tree has, beyond as many as there are beams. */
const REJECTED = 2;

/**
 * The search from the prompt of a state. Of the candidates of a pass, the tree has the best
 * (see {@link REJECTED}) and all that were continued or finished.
 */
export async function computeBeam(models: Models, state: State): Promise<BeamView> {
  const model = await models.model(state.example);
  const options = requestOptions({ ...state, strategy: 'beams' });
  const inputs = { example: state.example, prompt: state.prompt, ...options };
  return models.once('beams', inputs, async () => {
    const example = EXAMPLES[state.example];
    const prompt = example.encode(state.prompt);
    const run = await watchBeams(model, prompt, options);
    const nodes = treeOf(run, example, prompt, state.numBeams);
    const depth = run.candidates.length;
    const stages = Array.from(
      { length: depth + 1 },
      (_, pass) => stageOf(run, example, nodes, pass),
    );
    return { nodes: nodes.map(({ node }) => node), stages };
  });
}

/** A node of the tree, with the ids of its sequence. */
interface Grown {
  readonly node: BeamNode;
  readonly key: string;
}

function treeOf(
  { candidates, continued, finished }: BeamRun,
  example: Example,
  prompt: readonly number[],
  numBeams: number,
): readonly Grown[] {
  const scores = new Map(finished.flat().map(({ ids, score }) => [ids.join(), score]));
  const root: BeamNode = { index: 0, parent: null, depth: 0, path: [0],
    token: tokenOf(example, prompt.at(-1)!), probability: 1, logProbability: 0, score: null };
  const grown = [{ node: root, key: prompt.join() }];
  const byKey = new Map([[prompt.join(), root]]);
  for (const [step, considered] of candidates.entries()) {
    const kept = new Set(continued[step]!.map(({ ids }) => ids.join()));
    const isShown = ({ ids }: Considered, rank: number): boolean =>
      rank < numBeams + REJECTED || kept.has(ids.join()) || scores.has(ids.join());
    for (const { ids, score } of considered.filter(isShown)) {
      const parent = byKey.get(ids.slice(0, -1).join());
      if (!parent || score < IMPOSSIBLE) continue; // a copy of the prompt that cannot win
      const key = ids.join();
      const index = grown.length;
      const node: BeamNode = { index, parent: parent.index, depth: step + 1,
        path: [index, ...parent.path], token: tokenOf(example, ids.at(-1)!),
        probability: exp(score - parent.logProbability), logProbability: score,
        score: scores.get(key) ?? null };
      grown.push({ node, key });
      byKey.set(key, node);
    }
  }
  return grown;
}

/** Below it are only copies of the prompt, which begin with −10⁹ so that one of them counts. */
const IMPOSSIBLE = -1e8;

/** What is known after `pass` passes; 0: before the first. */
function stageOf(
  { candidates, continued, finished }: BeamRun,
  example: Example,
  tree: readonly Grown[],
  pass: number,
): BeamStage {
  const results = pass === 0 ? [] : finished[pass - 1]!;
  const ended = new Set(results.map(({ ids }) => ids.join()));
  const kept = new Set((pass === 0 ? [] : continued[pass - 1]!).map(({ ids }) => ids.join()));
  const winner = pass === candidates.length ? results[0]!.ids.join() : undefined;
  const leading = new Set<number | null>(pass === 0 ? [0] : []);
  const winning = new Set<number | null>();
  const fates = tree.map((): Fate | null => null);
  for (const { node: { index, parent, depth }, key } of [...tree].reverse()) {
    if (depth > pass) continue;
    if (winning.has(index) || key === winner) winning.add(index).add(parent);
    if (ended.has(key) || kept.has(key) || leading.has(index)) leading.add(index).add(parent);
    fates[index] = winning.has(index)
      ? 'won'
      : ended.has(key)
      ? 'finished'
      : leading.has(index)
      ? 'open'
      : 'pruned';
  }
  return { fates,
    results: results.map(({ ids, score }) => ({ tokens: tokensOf(example, ids), score,
      node: tree.find(({ key }) => key === ids.join())?.node.index ?? null })
    ) };
}
