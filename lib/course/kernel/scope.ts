/**
 * The variables of all cells: tslab compiles a cell to a module that exports its names, and all
 * cells share one exports object.
 *
 * A `let` or `var` stays in the cell that declares it, where its functions use it; the exports
 * object reads and writes it there, so that a later cell and those functions mean the same one.
 */
/** Reads and writes a variable of a cell. */
export type Access = readonly [read: () => unknown, write: (value: unknown) => void];

export interface Scope {
  /** The `exports` object for the code of cells. */
  readonly exports: object;
  /** Called when a cell that declares `names` starts: they are undefined until it assigns them. */
  begin(names: ReadonlySet<string>): void;
  /** The cell that has begun keeps these variables itself. */
  readonly bind: (variables: Readonly<Record<string, Access>>) => void;
  /**
   * Called when the cell has failed: the names that it never assigned get their old values back,
   * and are returned.
   */
  fail(): Set<string>;
  /** The value of a variable, undefined if there is none of this name. */
  valueOf(name: string): unknown;
  /** Returns a value and removes it. */
  take(name: string): unknown;
}

/** Undefined where the cell has not reached the declaration of its variable. */
function valueOf(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}

export function createScope(): Scope {
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  let old = new Map<string, PropertyDescriptor | undefined>();

  /**
   * Plain assignment, also for imported names, which TypeScript defines with a getter. So they can
   * be redefined.
   */
  const assign = (name: string | symbol, value: unknown): boolean => {
    if (name === '__esModule') return true;
    old.delete(name as string);
    return Reflect.set(values, name, value);
  };
  return {
    exports: new Proxy(values, {
      set: (_, name, value: unknown) => assign(name, value),
      defineProperty: (_, name, property) =>
        assign(name, property.get ? property.get() as unknown : property.value),
    }),
    begin(names) {
      old = new Map(
        [...names].map((name) => [name, Object.getOwnPropertyDescriptor(values, name)]),
      );
      for (const name of names) {
        Object.defineProperty(values, name, { value: undefined, writable: true, enumerable: true,
          configurable: true });
      }
    },
    bind(variables) {
      for (const [name, [read, set]] of Object.entries(variables)) {
        Object.defineProperty(values, name, { get: () => valueOf(read), set, enumerable: true,
          configurable: true });
      }
    },
    fail() {
      for (const [name, descriptor] of old) {
        if (descriptor) Object.defineProperty(values, name, descriptor);
        else Reflect.deleteProperty(values, name);
      }
      return new Set(old.keys());
    },
    valueOf: (name) => values[name],
    take(name) {
      const value = values[name];
      Reflect.deleteProperty(values, name);
      return value;
    },
  };
}
