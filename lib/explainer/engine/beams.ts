/** A beam search as a tree: what was continued, what was pruned, what won (16.7). */
import { exp } from '../../base/exp-and-log';
import { EXAMPLES } from '../examples';
import type { State } from '../state';
import { beamRun, type Considered } from './beam-run';
import { tokenOf, tokensOf } from './distribution';
import { generateOptions } from './inference';
import type { Models } from './models';
import type { BeamNode, BeamView } from './views';

/** A node while the tree grows. */
type Growing = { -readonly [K in keyof BeamNode]: BeamNode[K] } & { ids: readonly number[] };

/**
 * The search from the prompt of a state. Of the candidates of a step the tree has the best ones, as
 * many as there are beams, and all that were continued or finished.
 */
export async function beamView(models: Models, state: State): Promise<BeamView> {
  const model = await models.model(state.example);
  const options = generateOptions({ ...state, strategy: 'beams' });
  const inputs = { example: state.example, prompt: state.prompt, ...options };
  return models.once('beams', inputs, async () => {
    const example = EXAMPLES[state.example];
    const prompt = example.encode(state.prompt);
    const { candidates, continued, results } = await beamRun(model, prompt, options);
    const finished = new Map(results.map(({ ids, score }) => [ids.join(), score]));
    const root: Growing = { index: 0, parent: null, depth: 0,
      token: tokenOf(example, prompt.at(-1)!), probability: 1, logProbability: 0, score: null,
      fate: 'open', ids: prompt };
    const nodes = [root];
    const byIds = new Map([[prompt.join(), root]]);
    candidates.forEach((considered, step) => {
      const kept = new Set(continued[step]!.map(({ ids }) => ids.join()));
      const isShown = ({ ids }: Considered, rank: number): boolean =>
        rank < state.numBeams || kept.has(ids.join()) || finished.has(ids.join());
      for (const { ids, score } of considered.filter(isShown)) {
        const parent = byIds.get(ids.slice(0, -1).join());
        if (!parent || score < IMPOSSIBLE) continue; // a copy of the prompt that cannot win
        const name = ids.join();
        const final = finished.get(name);
        const node: Growing = { index: nodes.length, parent: parent.index, depth: step + 1,
          token: tokenOf(example, ids.at(-1)!), probability: exp(score - parent.logProbability),
          logProbability: score, score: final ?? null,
          fate: final !== undefined ? 'finished' : kept.has(name) ? 'open' : 'pruned', ids };
        nodes.push(node);
        byIds.set(name, node);
      }
    });
    decideFates(nodes, byIds.get(results[0]!.ids.join())!);
    return {
      nodes: nodes.map(({ ids: _, ...node }) => node),
      results: results.map(({ ids, score }) => ({ tokens: tokensOf(example, ids), score })),
      depth: candidates.length,
    };
  });
}

/** Below it are only copies of the prompt, which begin with −10⁹ so that one of them counts. */
const IMPOSSIBLE = -1e8;

/** Marks the path of the winner, and as pruned what was continued but led nowhere. */
function decideFates(nodes: readonly Growing[], winner: Growing): void {
  const leading = new Set<number | null>();
  for (const node of [...nodes].reverse()) {
    const isLeading = node.fate === 'finished' || leading.has(node.index);
    if (isLeading) leading.add(node.parent);
    else node.fate = 'pruned';
  }
  for (let node: Growing | undefined = winner; node; node = nodes[node.parent ?? -1])
    node.fate = 'won';
}
