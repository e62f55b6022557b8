/** `npm run notebooks -- --list`: what can be set, and what to expect when it moves. */
import { allowedValues } from '../../base/declaration';
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
