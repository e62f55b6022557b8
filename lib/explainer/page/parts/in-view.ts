/** Boxes that scroll inside themselves keep what matters now in view; the page does not move. */
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Pixels at each edge that columns which stay in place may cover. */
const EDGE = 96;

/**
 * The ref of a box. Whenever one of `changes` changes, the last element in it that `selector` finds
 * is brought into the middle, unless it is in view already.
 */
export function useInView<T extends HTMLElement = HTMLDivElement>(
  selector: string,
  changes: readonly unknown[],
): RefObject<T> {
  const ref = useRef<T>(null);
  useEffect(() => {
    const box = ref.current;
    const found = [...box?.querySelectorAll(selector) ?? []].at(-1);
    if (!box || !found) return;
    const [outer, inner] = [box.getBoundingClientRect(), found.getBoundingClientRect()];
    box.scrollLeft += move(inner.left - outer.left, inner.width, outer.width, EDGE);
    box.scrollTop += move(inner.top - outer.top, inner.height, outer.height, inner.height);
  }, changes);
  return ref;
}

/** How far to scroll for a part from `start`, of this size, to be in the middle of `room`. */
function move(start: number, size: number, room: number, edge: number): number {
  const isInView = start >= Math.min(edge, room / 3)
    && start + size <= room - Math.min(edge, room / 3);
  return isInView ? 0 : start + size / 2 - room / 2;
}
