/** Puts the kernel's parts together and opens it. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import ts from '@tslab/typescript-for-tslab';
import { Cells } from './cells';
import { createCellConverter, loadTslab } from './converter';
import { offerDisplay } from './display';
import { showFunctionsPlainly } from './function-text';
import { listenForInterrupts } from './interrupts';
import { offerAnswerService } from './limits';
import { Output, showPromisesPlainly } from './output';
import { Server } from './server';
import { readableStacks } from './stack';
import { endIntervalsWithTheirCell } from './timers';
import { Wire } from './wire';

/**
 * If no cell runs for so many milliseconds after the start, the types of the library are checked
 * ahead of its first import, or TypeScript is made ready for completion: a reader has opened the
 * notebook. A program that runs it sends its first cell earlier, and may need neither.
 */
const IDLE = { check: 500, warm: 3000 };

/** The nearest folder above `folder` that has a package.json, else `folder`. */
function projectRoot(folder: string): string {
  for (let at = folder;; at = path.dirname(at)) {
    if (existsSync(path.join(at, 'package.json'))) return at;
    if (at === path.dirname(at)) return folder;
  }
}

/** Opens the kernel of a Jupyter connection file, for the notebooks of the working directory. */
export async function startKernel(connectionFile: string): Promise<void> {
  const root = projectRoot(process.cwd());
  const wire = new Wire(connectionFile);
  const leave = process.exit.bind(process);
  const listening = listenForInterrupts(() => leave(0));
  const converter = createCellConverter(root);
  if (!converter.hasCells) converter.warm();
  const tslab = loadTslab();

  readableStacks(root);
  endIntervalsWithTheirCell();
  showPromisesPlainly();
  showFunctionsPlainly(ts);
  const output = new Output(wire);
  output.capture();
  offerDisplay(output, tslab);

  const exit = (): void => {
    wire.close();
    setTimeout(() => leave(0), 50);
  };
  process.exit = () => {
    throw new Error('a cell cannot end the kernel: use Kernel > Shut Down');
  };
  Object.defineProperty(process, 'stdin', {
    get() {
      throw new Error('a cell cannot read what is typed: write the value into the cell');
    },
  });

  const cells = new Cells(converter, ts, root);
  offerAnswerService((name) => cells.isStale(name));
  const server = new Server({
    wire,
    output,
    cells,
    isComplete: tslab.isCompleteCode,
    describe: tslab.printQuickInfo,
    typescript: ts.version,
    exit,
    forgetInterrupts: await listening,
  });
  process.on('unhandledRejection', (reason) => server.stray(reason));
  process.on('uncaughtException', (error) => server.stray(error));
  await wire.open((request, channel) => server.receive(request, channel));
  setTimeout(() => server.whenIdle(() => cells.checkLibrary()), IDLE.check).unref();
  setTimeout(() => server.whenIdle(() => converter.warm()), IDLE.warm).unref();
}
