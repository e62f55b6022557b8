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
  options: readonly T[];
  /** The words of an option. */
  text: (option: T) => string;
  set: (value: T) => void;
  /** The `data-group` of an option. */
  groupOf?: (option: T) => string;
}

export function Choice<T extends string>(
  { label, isTitled = false, name, value, options, text, set, groupOf }: ChoiceProps<T>,
) {
  const id = useId();
  return (
    <fieldset class="choice">
      <legend class={isTitled ? 'visually-hidden' : ''}>{label}</legend>
      {options.map((option) => (
        <label key={option} data-group={groupOf?.(option)}>
          <input
            type="radio"
            name={`${name}-${id}`}
            data-name={name}
            value={option}
            checked={option === value}
            onChange={() => set(option)}
          />
          {text(option)}
        </label>
      ))}
    </fieldset>
  );
}

interface SelectProps<T extends string | number> {
  label: string;
  name: string;
  value: T;
  options: readonly T[];
  /** The words of an option. */
  text: (option: T) => string;
  set: (value: T) => void;
}

export function Select<T extends string | number>(
  { label, name, value, options, text, set }: SelectProps<T>,
) {
  const change = (index: number): void => set(options[index]!);
  return (
    <label class="select">
      {label}
      <select
        name={name}
        value={String(value)}
        onChange={({ currentTarget }) => change(currentTarget.selectedIndex)}
      >
        {options.map((option) => <option key={option} value={String(option)}>{text(option)}
        </option>)}
      </select>
    </label>
  );
}
