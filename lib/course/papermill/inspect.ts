/**
 * Reads a parameters cell from standard input and prints what papermill's `--inspect-notebook`
 * shows of it, as JSON.
 */
import { readFileSync } from 'node:fs';
import { allowedValues, type ParameterValue } from '../../base/declaration';
import { parseParameters } from '../notebooks/read-parameters';

/** The type as TypeScript calls it, such as `number[]`. */
function typeName(value: ParameterValue): string {
  return Array.isArray(value) ? `${typeof value[0]}[]` : typeof value;
}

const { all } = parseParameters(readFileSync(0, 'utf8'));
const parameters = Object.entries(all).map(([name, declared]) => {
  const allowed = allowedValues(declared).replace(/^,? /, '');
  return {
    name,
    inferred_type_name: typeName(declared.default),
    default: JSON.stringify(declared.default),
    help: [declared.about, allowed && `(${allowed})`].filter(Boolean).join(' '),
  };
});
console.log(JSON.stringify(parameters));
