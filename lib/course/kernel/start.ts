/**
 * Puts the kernel's parts together and opens it.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type tsType from '@tslab/typescript-for-tslab';
import { Cells } from './cells';
import { createCellConverter } from './converter';
import { offerDisplay } from './display';
import { showPromisesPlainly } from './inspect';
import { listenForInterrupts } from './listener';
import { Output } from './output';
import { Server } from './server';
import { readableStacks } from './stack';
import { endIntervalsWithTheirCell } from './timers';
import { Wire } from './wire';

/** If nobody asks for anything for this long after the start, the library is checked ahead of its first import. */
const IDLE_MILLISECONDS = 500;

/** The nearest folder above `folder` that has a package.json, else `folder`. */
function projectRoot(folder: string): string {
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, 'package.json'))) return at;
    if (at === path.dirname(at)) return folder;
  }
}

/** Ends the kernel when the program that started it is gone, however that ended, and be it before this is called. */
function endWithParent(exit: () => void): void {
  const [parent, starter] = [process.ppid, Number(process.env.JPY_PARENT_PID)];
  const gone = (): boolean => {
    try {
      return process.ppid !== parent || (starter > 1 && !process.kill(starter, 0)); // 0: only asks whether it is there
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ESRCH';
    }
  };
  setInterval(() => { if (gone()) exit(); }, 1000).unref();
}

/** Opens the kernel of a Jupyter connection file, for the notebooks of the working directory. */
export async function start(connectionFile: string): Promise<void> {
  const root = projectRoot(process.cwd());
  const wire = new Wire(connectionFile);
  const listening = listenForInterrupts();
  const converter = createCellConverter(root);
  const { isCompleteCode } = require('tslab/dist/converter') as typeof import('tslab/dist/converter');
  const { printQuickInfo } = require('tslab/dist/inspect') as typeof import('tslab/dist/inspect');
  const ts = require('@tslab/typescript-for-tslab') as typeof tsType;

  readableStacks(root);
  endIntervalsWithTheirCell();
  showPromisesPlainly();
  const output = new Output(wire);
  output.capture();
  offerDisplay(output);

  const leave = process.exit.bind(process);
  const exit = (): void => { wire.close(); setTimeout(() => leave(0), 50); };
  process.exit = () => { throw new Error('a cell cannot end the kernel: use Kernel > Shut Down'); };
  endWithParent(() => leave(0));

  const cells = new Cells(converter, ts, root);
  const server = new Server({
    wire, output, cells, isComplete: isCompleteCode, describe: printQuickInfo, exit,
    forgetInterrupts: await listening,
  });
  process.on('unhandledRejection', (reason) => server.stray(reason));
  process.on('uncaughtException', (error) => server.stray(error));
  await wire.open((request, channel) => server.receive(request, channel));
  setTimeout(() => server.whenIdle(() => cells.warm()), IDLE_MILLISECONDS).unref();
}
