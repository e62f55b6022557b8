/** Right answers to 16.5.4, a server with continuous batching. */
import type { Alternative } from '../../exercise';

export const SLOT_ROW = `interface SlotRow {
  slot: number;
  ids: number[];
  positionIds: number[];
  isNew: boolean;
}
`;

export const solution = `${SLOT_ROW}
function serve(
  prompts: number[][],
  slots: number,
  pass: (rows: SlotRow[]) => number[],
): number[][] {
  const texts = prompts.map((ids) => [...ids]);
  const inSlot = new Array<number | undefined>(slots).fill(undefined);
  let waiting = 0; // the index of the next request
  for (;;) {
    const rows: SlotRow[] = [];
    for (let slot = 0; slot < slots; slot++) {
      const isNew = inSlot[slot] === undefined;
      if (isNew && waiting === prompts.length) continue; // nobody waits
      if (isNew) inSlot[slot] = waiting++;
      const text = texts[inSlot[slot]!];
      const from = isNew ? 0 : text.length - 1; // the cache has the tokens before
      const ids = text.slice(from);
      rows.push({ slot, ids, positionIds: ids.map((_, t) => from + t), isNew });
    }
    if (rows.length === 0) return texts;
    const next = pass(rows);
    rows.forEach(({ slot }, r) => {
      texts[inSlot[slot]!].push(next[r]);
      if (next[r] === eosTokenId) inSlot[slot] = undefined;
    });
  }
}`;

export const others: readonly Alternative[] = [
  {
    says: 'a list of active texts, each of which knows its slot and how much the cache has',
    source: `${SLOT_ROW}
function serve(
  prompts: number[][],
  slots: number,
  pass: (rows: SlotRow[]) => number[],
): number[][] {
  const texts = prompts.map((ids) => ({ ids: [...ids], cached: 0, slot: -1 }));
  const queue = [...texts];
  const free = [...Array(slots).keys()];
  let active: typeof texts = [];
  while (queue.length > 0 || active.length > 0) {
    while (free.length > 0 && queue.length > 0) {
      const text = queue.shift()!;
      text.slot = free.pop()!;
      active.push(text);
    }
    const next = pass(active.map(({ ids, cached, slot }) => ({
      slot,
      ids: ids.slice(cached),
      positionIds: [...ids.keys()].slice(cached),
      isNew: cached === 0,
    })));
    for (const [r, text] of active.entries()) {
      text.cached = text.ids.length;
      text.ids.push(next[r]);
    }
    const isDone = ({ ids }: { ids: number[] }) => ids.at(-1) === eosTokenId;
    free.push(...active.filter(isDone).map(({ slot }) => slot));
    active = active.filter((text) => !isDone(text));
  }
  return texts.map(({ ids }) => ids);
}`,
  },
  {
    says: 'a generator for each text, which is given its next token',
    source: `${SLOT_ROW}
function* oneText(ids: number[]): Generator<Omit<SlotRow, 'slot'>, void, number> {
  for (let from = 0, isNew = true; isNew || ids.at(-1) !== eosTokenId; isNew = false) {
    const read = ids.slice(from);
    from = ids.length;
    const positionIds = read.map((_, t) => ids.length - read.length + t);
    ids.push(yield { ids: read, positionIds, isNew });
  }
}

function serve(
  prompts: number[][],
  slots: number,
  pass: (rows: SlotRow[]) => number[],
): number[][] {
  const texts = prompts.map((ids) => [...ids]);
  const waiting = texts.map(oneText);
  const running = new Map<number, ReturnType<typeof oneText>>();
  const asked = new Map<number, SlotRow>();
  do {
    for (let slot = 0; slot < slots && waiting.length > 0; slot++) {
      if (running.has(slot)) continue;
      running.set(slot, waiting.shift()!);
      asked.set(slot, { slot, ...running.get(slot)!.next().value! });
    }
    const rows = [...asked.values()];
    const tokens = rows.length > 0 ? pass(rows) : [];
    rows.forEach(({ slot }, r) => {
      const { value, done } = running.get(slot)!.next(tokens[r]);
      if (!done) asked.set(slot, { slot, ...value });
      else [running, asked].forEach((each) => each.delete(slot));
    });
  } while (asked.size > 0 || waiting.length > 0);
  return texts;
}`,
  },
];
