/** `npm run explainer`: opens the interactive page. */
import { commandLine, portFrom, runProgram } from '../setup/program.mjs';
import { buildIfNeeded } from './build';
import { EXPLAINER_PORT, servePage } from './server';

const USAGE = `npm run explainer                     builds the page if needed, serves and opens it
npm run explainer -- --no-browser     only prints the address
npm run explainer -- --port 9000      tries this port first`;

async function main(): Promise<void> {
  const { values } = commandLine({
    options: { 'no-browser': { type: 'boolean', default: false }, port: { type: 'string' } },
  }, USAGE);
  const port = portFrom(values.port, EXPLAINER_PORT, USAGE);
  await buildIfNeeded();
  const { url, close } = await servePage({ port, open: !values['no-browser'] });
  console.log(`The explainer is open:\n\n  ${url}\n\nCtrl-C stops it.`);
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });
  await close();
  console.log('The explainer is closed.');
}

if (require.main === module) void runProgram(main);
