/** Compiles a cell, runs it, and returns how it failed, if it did. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import type tsType from '@tslab/typescript-for-tslab';
import type { CompletionInfo } from 'tslab/dist/converter';
import { type Cell, check, poll, setRunning, storage, thrown, wait } from './running-cell';
import { loading, loadingWasCutOff, shielded, unshield } from './interrupts';
import { resetEngine } from './engine';
import type { LazyConverter } from './compiled-cells';
import type { Converted } from './converter';
import { declarationsAfterFailure, withVariables } from './declarations';
import { type Failure, failures, typeFailure } from './failure';
import { nameAt, parametersAt } from './parameter-help';
import { edited, hooks, refuseEdited } from './typescript-hook.cjs';
import { createScope, type Scope } from './scope';
import { registerCell } from './stack';
import { cellTimers } from './timers';
import { assignedNames, declaredNames, HELPERS, variablesOf } from './transform';
import { awaitsAtTop, prepare } from './source';
import { syntaxErrors } from './syntax';

/** How long the `finally` blocks of an interrupted cell may take before its reply. */
const GRACE_MILLISECONDS = 200;

/** The line in which TypeScript sets all exported names of a module to undefined. */
const HEADER = /^exports\.[^;\n]+ = void 0;$/gm;

/** Packages that print a banner to stderr, which a grader would read as a failure. */
const TFJS = /^@tensorflow\/tfjs(-core)?$/;

const CALL = Symbol.for('course.call');
/** Calls `globalThis[CALL]` as a script, which SIGINT ends even if no code checks the flag. */
const caller = new vm.Script(`globalThis[Symbol.for('${CALL.description}')]()`);

/** Thrown by every import after one that was ended within a file. */
class HalfLoaded extends Error {
  override readonly name = 'HalfLoaded';
  constructor() {
    super('an interrupt ended an import within a file: restart the kernel');
  }
}

type Body = (exports: object, helpers: object) => unknown;

export class Cells {
  private declarations = '';
  private broken = false;
  private warned = '';
  /** Names whose last declaration was not reached: they have older values, or none. */
  private readonly stale = new Set<string>();
  private readonly scope: Scope = createScope();
  private readonly require: (id: string) => unknown;

  constructor(
    private readonly converter: LazyConverter,
    private readonly ts: typeof tsType,
    private readonly root: string,
  ) {
    const load = createRequire(path.join(process.cwd(), 'cell.js'));
    hooks.beforeLoad = check;
    this.require = Object.assign((id: string): unknown => {
      const file = load.resolve(id);
      if (this.broken && path.isAbsolute(file)) throw new HalfLoaded();
      if (path.isAbsolute(file) && !/[\\/]node_modules[\\/]/.test(file)) refuseEdited(root);
      const loaded = loading((): unknown => load(id));
      // as lib/tensor/tf does
      if (TFJS.test(id)) (loaded as { enableProdMode(): void }).enableProdMode();
      return loaded;
    }, load);
  }

  /** Runs `source`; resolves to undefined if the cell succeeded, or to its failure. */
  async run(source: string, cell: Cell): Promise<Failure | undefined> {
    setRunning(cell);
    try {
      return await this.attempt(source, cell);
    } finally {
      cell.ended = true;
      setRunning(undefined);
    }
  }

  /**
   * Checks the types of the library before a cell imports it; typecheck.ts caches that it has no
   * errors.
   */
  checkLibrary(): void {
    const index = path.join(this.root, 'lib', 'index');
    if (!existsSync(`${index}.ts`)) return;
    const from = path.relative(process.cwd(), index).replaceAll('\\', '/');
    this.converter.convert('', `import '${from.startsWith('.') ? from : `./${from}`}';`);
  }

  isStale(name: string): boolean {
    return this.stale.has(name);
  }

  complete(source: string, position: number): CompletionInfo {
    this.converter.refresh();
    return this.converter.complete(this.declarations, source, position);
  }

  /** With the declaration of a parameter below its type. */
  inspect(source: string, position: number): tsType.QuickInfo | undefined {
    this.converter.refresh();
    const found = this.converter.inspect(this.declarations, source, position);
    const info = found as tsType.QuickInfo | undefined; // there is none in a comment, for example
    const help = this.parametersAt(source, position).get(nameAt(source, position));
    return info && help !== undefined
      ? { ...info, documentation: [...info.documentation ?? [], { text: help, kind: 'text' }] }
      : info;
  }

  /** The help for each parameter of the object before the dot at `position`. */
  parametersAt(source: string, position: number): ReadonlyMap<string, string> {
    return parametersAt(source, position, (name) => this.scope.valueOf(name));
  }

  private async attempt(code: string, cell: Cell): Promise<Failure | undefined> {
    this.converter.refresh();
    this.warnOfEdits(cell);
    const source = prepare(this.ts, code);
    const broken = syntaxErrors(this.ts, source);
    const converted: Converted = broken.length > 0
      ? { diagnostics: broken }
      : this.converter.convert(this.declarations, source);
    const declared = [...declaredNames(this.ts, source).keys(), ...assignedNames(this.ts, source)];
    if (converted.diagnostics.length > 0) {
      for (const name of declared) this.stale.add(name);
      return typeFailure(converted.diagnostics, cell.name);
    }
    for (const name of declared) this.stale.delete(name);
    const before = this.declarations;
    const names = new Set(
      converted.output?.match(HEADER)?.join('').match(/(?<=exports\.)[^\s=]+/g),
    );
    this.scope.begin(names);
    const variables = variablesOf(this.ts, source);
    this.declarations = withVariables(this.ts, converted.declOutput ?? '', variables);
    const reasons: unknown[] = [];
    try {
      await this.execute(
        converted,
        variables,
        awaitsAtTop(this.ts, source),
        cell,
      );
      cell.throwIfInterrupted();
      const last = converted.lastExpressionVar && this.scope.take(converted.lastExpressionVar);
      if (last !== undefined && last !== null) storage.run(cell, () => console.log(last));
    } catch (reason) {
      reasons.push(reason);
      const unreached = this.scope.fail();
      for (const name of unreached) this.stale.add(name);
      this.declarations = declarationsAfterFailure(this.ts, before, this.declarations, unreached);
    }
    // after this turn, all unhandled rejections have been reported
    await new Promise((resolve) => setImmediate(resolve));
    reasons.push(...cell.stray.splice(0).filter((stray) => !reasons.includes(stray)));
    return reasons.length > 0 ? failures(reasons, cell.name) : undefined;
  }

  /**
   * Warns, once for each edit, that the kernel still runs the old code. From then on imports are
   * refused.
   */
  private warnOfEdits(cell: Cell): void {
    const files = edited().map((file) => path.relative(this.root, file).replaceAll('\\', '/')).join(
      ', ',
    );
    if (files !== '' && files !== this.warned) {
      storage.run(
        cell,
        () => console.error(`${files} changed after this kernel loaded it: restart the kernel`),
      );
    }
    this.warned = files;
  }

  private async execute(
    converted: Converted,
    variables: readonly string[],
    asynchronous: boolean,
    cell: Cell,
  ): Promise<void> {
    const { output = '', emitted = '' } = converted;
    registerCell(cell.name, [output, emitted]);
    const accesses = variables.map((name) =>
      `${name}: [() => ${name}, (${HELPERS}) => { ${name} = ${HELPERS}; }]`
    );
    const prefix = `(function (require, ${Object.keys(cellTimers).join(', ')}) { return `
      + `${asynchronous ? 'async ' : ''}function (exports, ${HELPERS}) { `
      + `${HELPERS}.bind({ ${accesses.join(', ')} }); `;
    const script = new vm.Script(`${prefix}${output.replace(HEADER, '')}\n}; })`, {
      filename: cell.name,
      columnOffset: -prefix.length,
    });
    const outer = script.runInThisContext() as (...values: unknown[]) => Body;
    const body = outer(this.require, ...Object.values(cellTimers));
    const interruption = new Promise<never>((_, reject) => {
      cell.signal.addEventListener('abort', () => reject(cell.interruption), { once: true });
    });
    interruption.catch(() => undefined);
    // the interrupt may have come between two cells, or while this one was compiled
    cell.throwIfInterrupted();

    const { exports, bind } = this.scope;
    const result = this.callInterruptibly(() => body(exports, { check, wait, thrown, bind }), cell);
    if (!asynchronous) return;
    const ending = Promise.resolve(result);
    try {
      await Promise.race([ending, interruption]);
    } catch (reason) {
      if (cell.interrupted) {
        const settled = ending.then(() => undefined, () => undefined);
        const patience = new Promise((resolve) => setTimeout(resolve, GRACE_MILLISECONDS));
        await Promise.race([settled, cell.held, patience]);
        throw cell.interruption;
      }
      throw reason;
    }
  }

  /**
   * Calls `code` inside the cell. A SIGINT during its synchronous part interrupts the cell: at the
   * next check, or, where none comes for a while, by ending the script.
   */
  private callInterruptibly(code: () => unknown, cell: Cell): unknown {
    Object.defineProperty(globalThis, CALL, { value: shielded(code), configurable: true });
    try {
      return storage.run(cell, () => caller.runInThisContext({ breakOnSigint: true }) as unknown);
    } catch (reason) {
      if ((reason as { code?: unknown } | null)?.code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED')
        throw reason;
      poll();
      cell.interrupt();
      this.broken ||= loadingWasCutOff();
      resetEngine();
      throw cell.interruption;
    } finally {
      unshield();
      Reflect.deleteProperty(globalThis, CALL);
    }
  }
}
