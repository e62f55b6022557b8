/** The state of the page, which is its address: what changes is written there, and read again. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { fromAddress, type Linked, toAddress } from '../address';
import type { State } from '../state';

/** Milliseconds between two entries that are written while something moves: browsers limit them. */
const PAUSE = 250;

/** Changes some values of the state; `isStep` false writes over the last entry of the history. */
export type Update = (change: Partial<State>, isStep?: boolean) => void;

let timer: ReturnType<typeof setTimeout> | undefined;

function write(state: State, isStep: boolean): void {
  clearTimeout(timer);
  const address = `#${toAddress(state)}`;
  const put = (): void => {
    if (address === (location.hash || '#')) return;
    if (isStep) history.pushState(null, '', address);
    else history.replaceState(null, '', address);
  };
  if (isStep) put();
  else timer = setTimeout(put, PAUSE);
}

/** The state that the address holds, what is wrong with the address, and how to change both. */
export function useAddress(): Linked & { update: Update } {
  const [linked, setLinked] = useState<Linked>(() => fromAddress(location.hash));
  useEffect(() => {
    const follow = (): void => {
      clearTimeout(timer);
      setLinked(fromAddress(location.hash));
    };
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  const update = useCallback<Update>((change, isStep = true) => {
    setLinked((before) => {
      const state = { ...before.state, ...change };
      write(state, isStep);
      return { state };
    });
  }, []);
  return { ...linked, update };
}
