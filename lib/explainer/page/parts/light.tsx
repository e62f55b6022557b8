/**
 * What is pointed at, or has the focus, lights up everywhere: elements say by `data-at` to which
 * position they belong, by `data-key` which position they read, by `data-word` which token they
 * are, by `data-path` which nodes of a tree lead to them, by `data-group` of which pass or way they
 * tell. One rule of CSS lights them, so nothing is rendered again.
 */
import { useEffect, useState } from 'preact/hooks';

const ATTRIBUTES = ['data-at', 'data-key', 'data-word', 'data-group'] as const;

/** The closest values around an element. */
function around(target: EventTarget | null): string {
  if (!(target instanceof Element)) return '';
  const [at, key, word, group] = ATTRIBUTES.map((name) =>
    target.closest(`[${name}]`)?.getAttribute(name)
  );
  const path = target.closest('[data-path]')?.getAttribute('data-path')?.split(' ') ?? [];
  const selectors = [
    ...path.map((index) => `[data-path="${index}"], [data-path^="${index} "]`),
    ...(at == null ? [] : [`[data-at="${at}"]`, ...(key == null ? [`[data-key="${at}"]`] : [])]),
    ...(key == null ? [] : [`[data-key="${key}"]`, `[data-at="${key}"]`]),
    ...(group == null ? [] : [`[data-group="${group}"]`]),
    ...(word == null ? [] : [`[data-word="${word}"]${path.length > 0 ? ':not(.node)' : ''}`]),
  ];
  return selectors.join(', ');
}

/** The light. Without a pointer, `position` is lit. */
export function Light({ position }: { position: number }) {
  const [selectors, setSelectors] = useState('');
  useEffect(() => {
    const see = ({ target }: Event): void => setSelectors(around(target));
    // A page that changes below a resting mouse sends the event, too: it must not undo the focus.
    let [x, y] = [NaN, NaN];
    const point = (event: PointerEvent): void => {
      const rests = event.pointerType === 'mouse' && event.clientX === x && event.clientY === y;
      [x, y] = [event.clientX, event.clientY];
      if (!rests) see(event);
    };
    // A finger leaves after each tap: what it touched stays lit until the next.
    const leave = ({ pointerType }: PointerEvent): void => {
      if (pointerType === 'mouse') setSelectors('');
    };
    document.addEventListener('pointerover', point);
    document.addEventListener('focusin', see);
    document.documentElement.addEventListener('pointerleave', leave);
    return () => {
      document.removeEventListener('pointerover', point);
      document.removeEventListener('focusin', see);
      document.documentElement.removeEventListener('pointerleave', leave);
    };
  }, []);
  const lit = selectors || `[data-at="${position}"], [data-key="${position}"]`;
  return <style id="light">{`${lit} { --lit: var(--highlight); --wash: var(--lit-wash) }`}</style>;
}
