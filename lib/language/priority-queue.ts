/** Items with a probability; the most probable one comes out first. A binary heap. */
export class PriorityQueue<T extends { readonly probability: number }> {
  /** The item at i is at least as probable as those at 2i + 1 and 2i + 2. */
  private readonly heap: T[] = [];

  add(item: T): void {
    const heap = this.heap;
    let i = heap.push(item) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (heap[parent]!.probability >= heap[i]!.probability) return;
      this.swap(i, parent);
      i = parent;
    }
  }

  /** Removes and returns the most probable item; undefined if there is none. */
  take(): T | undefined {
    const heap = this.heap;
    const best = heap[0];
    const last = heap.pop();
    if (!last || heap.length === 0) return last;
    heap[0] = last;
    for (let i = 0;;) {
      let child = 2 * i + 1;
      if (child + 1 < heap.length && heap[child + 1]!.probability > heap[child]!.probability)
        child++;
      if (child >= heap.length || heap[child]!.probability <= heap[i]!.probability) return best;
      this.swap(i, child);
      i = child;
    }
  }

  private swap(i: number, j: number): void {
    [this.heap[i], this.heap[j]] = [this.heap[j]!, this.heap[i]!];
  }
}
