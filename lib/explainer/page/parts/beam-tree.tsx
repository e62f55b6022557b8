/** The tree of a beam search: a column for each pass, a box for each sequence. */
import type { BeamNode, Fate } from '../../engine/views';
import { type TextKey, useWords } from '../words';

export const FATES: Record<Fate, TextKey> = { open: 'fateOpen', pruned: 'fatePruned',
  finished: 'fateFinished', won: 'fateWon' };

/** Pixels of a node of the tree. */
const [WIDTH, HEIGHT, BOX] = [118, 30, 106];

/** The row of each node: leaves one under the other, a parent beside its best child. */
export function rowsOf(nodes: readonly BeamNode[]): Map<number, number> {
  const children = new Map<number | null, BeamNode[]>();
  for (const node of nodes)
    children.set(node.parent, [...children.get(node.parent) ?? [], node]);
  const rows = new Map<number, number>();
  let next = 0;
  const place = (node: BeamNode): void => {
    const own = children.get(node.index) ?? [];
    rows.set(node.index, next);
    if (own.length === 0) next += 1;
    [...own].sort((a, b) => b.logProbability - a.logProbability).forEach(place);
  };
  children.get(null)?.forEach(place);
  return rows;
}

interface Props {
  nodes: readonly BeamNode[];
  /** What became of each so far; null for those to come. */
  fates: readonly (Fate | null)[];
  /** The passes so far. */
  pass: number;
  label: string;
}

export function BeamTree({ nodes, fates, pass, label }: Props) {
  const rows = rowsOf(nodes.filter(({ index }) => fates[index]));
  const grown = nodes.flatMap((node) => {
    const fate = fates[node.index];
    return fate ? [{ node, fate, rows }] : [];
  });
  const last = Math.max(...rows.values());
  return (
    <svg
      class="tree"
      width={WIDTH * (pass + 1)}
      height={HEIGHT * (last + 1)}
      role="img"
      aria-label={label}
    >
      {grown.map((each) => <Edge key={each.node.index} {...each} />)}
      {grown.map((each) => <Node key={each.node.index} {...each} />)}
    </svg>
  );
}

interface Placed {
  node: BeamNode;
  fate: Fate;
  rows: Map<number, number>;
}

function Edge({ node, fate, rows }: Placed) {
  if (node.parent === null) return null;
  const [x, y] = [WIDTH * node.depth, HEIGHT * (rows.get(node.index)! + 0.5)];
  const from = HEIGHT * (rows.get(node.parent)! + 0.5);
  const start = x - WIDTH + BOX + 1;
  return (
    <path
      class={`edge ${fate}`}
      d={`M${start} ${from} C${x} ${from} ${start} ${y} ${x} ${y}`}
    />
  );
}

function Node({ node, fate, rows }: Placed) {
  const { t, number } = useWords();
  const { index, path, token, logProbability, probability } = node;
  const at = `translate(${WIDTH * node.depth} ${HEIGHT * rows.get(index)!})`;
  return (
    <g class={`node ${fate}`} transform={at} data-word={token.id} data-path={path.join(' ')}>
      <title>{`${token.text}: ${number(probability, 'percent')}, ${t(FATES[fate])}`}</title>
      <rect x="1" y="3" width={BOX} height={HEIGHT - 6} rx="4" />
      <text x="6" y="19">{token.text}</text>
      {node.parent !== null && (
        <text
          class="score"
          x={BOX - 4}
          y="19"
          data-of={`beams.nodes.${index}.logProbability`}
          data-value={String(logProbability)}
        >
          {number(logProbability)}
        </text>
      )}
    </g>
  );
}
