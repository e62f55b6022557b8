/**
 * Whether JavaScript's own functions are still those that the library was loaded with. In a
 * notebook the judge shares them with the answer: `Math.abs = () => 0` would make every number
 * equal.
 */

const OBJECTS: Readonly<Record<string, object>> = {
  Math,
  JSON,
  Object,
  Array,
  Number,
  String,
  Promise,
  Reflect,
  Map,
  Set,
  Symbol,
  globalThis,
  'Object.prototype': Object.prototype,
  'Function.prototype': Function.prototype,
  'Array.prototype': Array.prototype,
  'Number.prototype': Number.prototype,
  'String.prototype': String.prototype,
  'RegExp.prototype': RegExp.prototype,
  'Promise.prototype': Promise.prototype,
  'Map.prototype': Map.prototype,
  'Set.prototype': Set.prototype,
};

const ownFunctions = (object: object): [string, unknown][] =>
  Object.entries(Object.getOwnPropertyDescriptors(object))
    .filter(([, { value }]) => typeof value === 'function')
    .map(([name, { value }]) => [name, value]);

const original = new Map(
  Object.entries(OBJECTS).map(([path, object]) => [path, new Map(ownFunctions(object))]),
);
const { getOwnPropertyDescriptor } = Object;

/** The built-in functions that were replaced or removed since, such as `Math.abs`. */
export function replacedBuiltins(): string[] {
  const found: string[] = [];
  for (const [path, functions] of original) {
    const object = OBJECTS[path]!;
    for (const [name, value] of functions)
      if (getOwnPropertyDescriptor(object, name)?.value !== value)
        found.push(path === 'globalThis' ? name : `${path}.${name}`);
  }
  return found;
}
