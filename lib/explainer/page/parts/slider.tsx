/** A number with its range: a slider, with the value beside it. */
import { useId } from 'preact/hooks';
import type { NumberRange } from '../../state';
import { useWords } from '../words';

interface Props {
  name: string;
  label: string;
  value: number;
  range: NumberRange;
  /** `isStep` is false while the slider moves. */
  set(value: number, isStep: boolean): void;
}

export function Slider({ name, label, value, range, set }: Props) {
  const { number } = useWords();
  const id = useId();
  const digits = range.step === 1 ? 0 : 2;
  return (
    <div class="slider">
      <label for={id}>{label}</label>
      <output for={id}>{number(value, digits)}</output>
      <input
        id={id}
        name={name}
        type="range"
        min={range.from}
        max={range.to}
        step={range.step}
        value={value}
        onInput={({ currentTarget }) => set(currentTarget.valueAsNumber, false)}
        onChange={({ currentTarget }) => set(currentTarget.valueAsNumber, true)}
      />
    </div>
  );
}
