/** Keeps items by probability and always takes out the most probable one: a binary heap. */
export class Heap<T extends { readonly probability: number }> {
  private readonly heap: T[] = [];

  add(item: T): void {
    const heap = this.heap;
    let i = heap.push(item) - 1;
    for (
      let up = (i - 1) >> 1;
      i > 0 && heap[up].probability < heap[i].probability;
      up = (i - 1) >> 1
    ) {
      [heap[i], heap[up]] = [heap[up], heap[i]];
      i = up;
    }
  }

  /** The most probable item, or undefined when none is left. */
  take(): T | undefined {
    const heap = this.heap;
    const best = heap[0];
    const last = heap.pop();
    if (!last || heap.length === 0) return last;
    heap[0] = last;
    for (let i = 0;;) {
      let child = 2 * i + 1;
      if (child + 1 < heap.length && heap[child + 1].probability > heap[child].probability) child++;
      if (child >= heap.length || heap[child].probability <= heap[i].probability) return best;
      [heap[i], heap[child]] = [heap[child], heap[i]];
      i = child;
    }
  }
}
