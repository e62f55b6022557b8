/** A number with its range: a slider with the value beside it, or a field to type into. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { NumberRange } from '../../state';
import { useWords } from '../words';

interface Props {
  name: string;
  label: string;
  value: number;
  range: NumberRange;
  /** A field instead of a slider: for a range that is too large for one. */
  isTyped?: boolean;
  /** Whether the value is in force now. `isStep` is false while the slider moves. */
  set: (value: number, isStep: boolean) => boolean;
}

export function Slider({ name, label, value, range, isTyped = false, set }: Props) {
  const { number, t } = useWords();
  const id = useId();
  const [isRefused, setRefused] = useState(false);
  useEffect(() => setRefused(false), [value]);
  const before = useRef(-Infinity);
  /**
   * Whether this change starts a step of the history: keys that follow each other within a second
   * are one. It notes the time of each change.
   */
  const startsStep = (): boolean => {
    const since = performance.now() - before.current;
    before.current = performance.now();
    return since > 1000;
  };
  /** Sets what the reader asks for; if that is refused, the control shows the value in force. */
  const take = (input: HTMLInputElement, isStep: boolean): void => {
    const isTaken = set(input.valueAsNumber, isStep);
    if (!isTaken) input.value = String(value);
    setRefused(!isTaken);
  };
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
        onInput={({ currentTarget }) => !isTyped && take(currentTarget, false)}
        onChange={({ currentTarget }) => take(currentTarget, startsStep())}
      />
      {isRefused && (
        <p class="problem" role="alert">
          {t('refused', { from: number(range.from, digits), to: number(range.to, digits),
            value: number(value, digits) })}
        </p>
      )}
    </div>
  );
}
