/** A number of the engine, rounded for the eye. */
import { type Style, useWords } from '../words';

interface Props {
  /** Where it is among the views, such as `training.positions.3.loss`. */
  of: string;
  value: number;
  style?: Style;
  class?: string;
}

/** Tests read the number with all its bits from `data-value`, and compare it with the engine's. */
export function Num({ of, value, style = 2, class: name = '' }: Props) {
  const { number } = useWords();
  return (
    <span class={`num ${name}`} data-of={of} data-value={String(value)}>
      {number(value, style)}
    </span>
  );
}
