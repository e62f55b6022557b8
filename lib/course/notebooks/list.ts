/** `npm run notebooks -- --list`: what can be set, and what to expect when it moves. */
import type { Declaration } from '../../base/declaration';
import type { Declared } from './values';

/** The parameters of a notebook as lines of text, aligned. */
export function listParameters({ name, all }: Declared): string {
  const entries = Object.entries(all);
  const widest = Math.max(0, ...entries.map(([each]) => each.length));
  const lines = entries.map(([each, declared]) => {
    const { about } = declared;
    const first = `  ${each.padEnd(widest)}  ${JSON.stringify(declared.default)}${
      allowedValues(declared)
    }`;
    return about ? `${first}\n  ${' '.repeat(widest)}  ${about}` : first;
  });
  return [name, ...lines].join('\n');
}

/** What values there are, such as `, from 1 to 8 words`; empty for any text. */
export function allowedValues({ range, choices, unit, ...declared }: Declaration): string {
  if (choices) return `, one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`;
  const measure = unit ? ` ${unit}` : '';
  if (range)
    return `${Array.isArray(declared.default) ? ', each' : ','} from ${range[0]} to ${
      range[1]
    }${measure}`;
  return typeof declared.default === 'boolean' ? ', true or false' : measure && `,${measure}`;
}
