/** A switch, and a choice among a few. */
import { useId } from 'preact/hooks';

interface SwitchProps {
  label: string;
  on: boolean;
  set: (on: boolean) => void;
  name: string;
}

export function Switch({ label, on, set, name }: SwitchProps) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        name={name}
        checked={on}
        onChange={({ currentTarget }) => set(currentTarget.checked)}
      />
      {label}
    </label>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  /** Whether a title with the same words stands above it. */
  isTitled?: boolean;
  name: string;
  value: T;
  options: readonly { value: T; label: string }[];
  set: (value: T) => void;
}

export function Choice<T extends string>(
  { label, isTitled = false, name, value, options, set }: ChoiceProps<T>,
) {
  const id = useId();
  return (
    <fieldset class="choice">
      <legend class={isTitled ? 'visually-hidden' : ''}>{label}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={`${name}-${id}`}
            data-name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => set(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}

interface SelectProps<T extends string | number> {
  label: string;
  name: string;
  value: T;
  options: readonly { value: T; label: string }[];
  set: (value: T) => void;
}

export function Select<T extends string | number>(
  { label, name, value, options, set }: SelectProps<T>,
) {
  const change = (index: number): void => set(options[index]!.value);
  return (
    <label class="select">
      {label}
      <select
        name={name}
        value={String(value)}
        onChange={({ currentTarget }) => change(currentTarget.selectedIndex)}
      >
        {options.map((option) => (
          <option key={option.value} value={String(option.value)}>{option.label}</option>
        ))}
      </select>
    </label>
  );
}
