/** A beam search as a tree, pruned branches in grey. */
import type { BeamNode, BeamView } from '../../engine/views';
import { Num } from '../parts/number';
import type { TextKey } from '../words';
import { useWords } from '../words';

/** Pixels of a node of the tree. */
const [WIDTH, HEIGHT, BOX] = [118, 30, 106];

const FATES: Record<BeamNode['fate'], TextKey> = { open: 'fateOpen', pruned: 'fatePruned',
  finished: 'fateFinished', won: 'fateWon' };

/** The row of each node: leaves one under the other, a parent beside its first child. */
export function rowsOf(nodes: readonly BeamNode[]): Map<number, number> {
  const children = new Map<number | null, BeamNode[]>();
  for (const node of nodes)
    children.set(node.parent, [...children.get(node.parent) ?? [], node]);
  const rows = new Map<number, number>();
  let next = 0;
  const place = (node: BeamNode): void => {
    const own = children.get(node.index) ?? [];
    const best = [...own].sort((a, b) => order(a) - order(b));
    rows.set(node.index, next);
    if (best.length === 0) next += 1;
    best.forEach(place);
  };
  children.get(null)?.forEach(place);
  return rows;
}

const order = ({ fate, logProbability }: BeamNode): number =>
  (fate === 'won' ? -1e6 : fate === 'pruned' ? 1e6 : 0) - logProbability;

export function BeamsPanel({ view, count }: { view: BeamView; count: number }) {
  const { t, number } = useWords();
  const { nodes, results, depth } = view;
  const rows = rowsOf(nodes);
  const height = HEIGHT * (1 + Math.max(...rows.values()));
  const [best] = results;
  const words = best?.tokens.map(({ text }) => text).join(' ') ?? '';
  const label = t('beamsTree', { nodes: nodes.length, best: words,
    score: number(best?.score ?? 0) });
  return (
    <>
      <p>{t('beamsLead', { count })}</p>
      <p class="legend">
        {Object.values(FATES).map((key) => <span key={key} class={key}>{t(key)}</span>)}
      </p>
      <div class="scroll" tabIndex={0} role="group" aria-label={label}>
        <svg class="tree" width={WIDTH * (depth + 1)} height={height} role="img" aria-label={label}>
          {nodes.map((node) => <Edge key={node.index} node={node} rows={rows} />)}
          {nodes.map((node, i) => <Node key={node.index} node={node} i={i} rows={rows} />)}
        </svg>
      </div>
      <ol class="plain results">
        {results.map(({ tokens, score }, i) => (
          <li key={i}>
            <Num of={`beams.results.${i}.score`} value={score} />{' '}
            {tokens.map(({ text }) => text).join(' ')}
          </li>
        ))}
      </ol>
    </>
  );
}

interface Placed {
  node: BeamNode;
  rows: Map<number, number>;
}

function Edge({ node, rows }: Placed) {
  if (node.parent === null) return null;
  const [x, y] = [WIDTH * node.depth, HEIGHT * (rows.get(node.index)! + 0.5)];
  const from = HEIGHT * (rows.get(node.parent)! + 0.5);
  const start = x - WIDTH + BOX + 1;
  return (
    <path
      class={`edge ${node.fate}`}
      d={`M${start} ${from} C${x} ${from} ${start} ${y} ${x} ${y}`}
    />
  );
}

function Node({ node, rows, i }: Placed & { i: number }) {
  const { t, number } = useWords();
  const { token, fate, logProbability, probability } = node;
  const at = `translate(${WIDTH * node.depth} ${HEIGHT * rows.get(node.index)!})`;
  return (
    <g class={`node ${fate}`} transform={at} data-word={token.id}>
      <title>{`${token.text}: ${number(probability, 'percent')}, ${t(FATES[fate])}`}</title>
      <rect x="1" y="3" width={BOX} height={HEIGHT - 6} rx="4" />
      <text x="6" y="19">{token.text}</text>
      {node.parent !== null && (
        <text
          class="score"
          x={BOX - 4}
          y="19"
          data-of={`beams.nodes.${i}.logProbability`}
          data-value={String(logProbability)}
        >
          {number(logProbability)}
        </text>
      )}
    </g>
  );
}
