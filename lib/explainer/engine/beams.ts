/** A beam search as a tree: what was continued, what was pruned, what won (16.7). */
import { exp } from '../../base/exp-and-log';
import { type Example, EXAMPLES } from '../examples';
import type { State } from '../state';
import { type BeamRun, type Considered, watchBeams } from './beam-run';
import { tokenOf, tokensOf } from './distribution';
import { requestOptions } from './inference';
import type { Models } from './models';
import type { BeamNode, BeamView } from './views';

/**
 * The search from the prompt of a state. Of the candidates of a step the tree has the best ones, as
 * many as there are beams, and all that were continued or finished.
 */
export async function computeBeam(models: Models, state: State): Promise<BeamView> {
  const model = await models.model(state.example);
  const options = requestOptions({ ...state, strategy: 'beams' });
  const inputs = { example: state.example, prompt: state.prompt, ...options };
  return models.once('beams', inputs, async () => {
    const example = EXAMPLES[state.example];
    const prompt = example.encode(state.prompt);
    const run = await watchBeams(model, prompt, options);
    return {
      nodes: treeOf(run, example, prompt, state.numBeams),
      results: run.results.map(({ ids, score }) => ({ tokens: tokensOf(example, ids), score })),
      depth: run.candidates.length,
    };
  });
}

/** A node while the tree grows: its fate is known at the end. */
type Growing = { -readonly [K in keyof BeamNode]: BeamNode[K] };

function treeOf(
  { candidates, continued, results }: BeamRun,
  example: Example,
  prompt: readonly number[],
  numBeams: number,
): readonly BeamNode[] {
  const finished = new Map(results.map(({ ids, score }) => [ids.join(), score]));
  const root: Growing = { index: 0, parent: null, depth: 0, token: tokenOf(example, prompt.at(-1)!),
    probability: 1, logProbability: 0, score: null, fate: 'open' };
  const nodes = [root];
  const byIds = new Map([[prompt.join(), root]]);
  for (const [step, considered] of candidates.entries()) {
    const kept = new Set(continued[step]!.map(({ ids }) => ids.join()));
    const isShown = ({ ids }: Considered, rank: number): boolean =>
      rank < numBeams || kept.has(ids.join()) || finished.has(ids.join());
    for (const { ids, score } of considered.filter(isShown)) {
      const parent = byIds.get(ids.slice(0, -1).join());
      if (!parent || score < IMPOSSIBLE) continue; // a copy of the prompt that cannot win
      const final = finished.get(ids.join());
      const node: Growing = { index: nodes.length, parent: parent.index, depth: step + 1,
        token: tokenOf(example, ids.at(-1)!), probability: exp(score - parent.logProbability),
        logProbability: score, score: final ?? null,
        fate: final === undefined ? 'open' : 'finished' };
      nodes.push(node);
      byIds.set(ids.join(), node);
    }
  }
  decideFates(nodes, byIds.get(results[0]!.ids.join())!);
  return nodes;
}

/** Below it are only copies of the prompt, which begin with −10⁹ so that one of them counts. */
const IMPOSSIBLE = -1e8;

/** Marks the path of the winner, and as pruned what leads to no result. */
function decideFates(nodes: readonly Growing[], winner: Growing): void {
  const leading = new Set<number | null>();
  for (const node of [...nodes].reverse()) {
    if (node.fate === 'finished' || leading.has(node.index)) leading.add(node.parent);
    else node.fate = 'pruned';
  }
  for (let node: Growing | undefined = winner; node; node = nodes[node.parent ?? -1])
    node.fate = 'won';
}
