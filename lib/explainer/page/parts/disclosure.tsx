/** A button that opens and closes what belongs to it; what is open is part of the state. */
import type { ComponentChildren } from 'preact';
import type { State } from '../../state';
import type { Update } from '../use-address';

interface Props {
  name: string;
  panel: State['panel'];
  isOpen: boolean;
  update: Update;
  children: ComponentChildren;
}

export function Disclosure({ name, panel, isOpen, update, children }: Props) {
  const id = `panel-${panel}`;
  return (
    <div class="tabs">
      <button
        type="button"
        data-panel={panel}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => update({ panel: isOpen ? 'modes' : panel })}
      >
        {name}
      </button>
      <div id={id} hidden={!isOpen}>{isOpen && children}</div>
    </div>
  );
}
