/** A number with its range: a slider with the value beside it, or a field to type into. */
import { useId } from 'preact/hooks';
import type { NumberRange } from '../../state';
import { useWords } from '../words';

interface Props {
  name: string;
  label: string;
  value: number;
  range: NumberRange;
  /** A field instead of a slider: for a range that is too large for one. */
  isTyped?: boolean;
  /** `isStep` is false while the slider moves. */
  set: (value: number, isStep: boolean) => void;
}

export function Slider({ name, label, value, range, isTyped = false, set }: Props) {
  const { number } = useWords();
  const id = useId();
  const digits = range.step === 1 ? 0 : 2;
  return (
    <div class="slider">
      <label for={id}>{label}</label>
      {!isTyped && <output for={id}>{number(value, digits)}</output>}
      <input
        id={id}
        name={name}
        type={isTyped ? 'number' : 'range'}
        min={range.from}
        max={range.to}
        step={range.step}
        value={value}
        onInput={({ currentTarget }) => !isTyped && set(currentTarget.valueAsNumber, false)}
        onChange={({ currentTarget }) => set(currentTarget.valueAsNumber, true)}
      />
    </div>
  );
}
