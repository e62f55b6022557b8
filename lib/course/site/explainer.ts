/** `npm run explainer`: opens the interactive page. */
import { preview } from 'vite';
import { commandLine, runProgram, Trouble } from '../setup/program.mjs';
import { buildIfNeeded, EXPLAINER } from './build';

const USAGE = `npm run explainer                     builds the page if needed, serves and opens it
npm run explainer -- --no-browser     only prints the address
npm run explainer -- --port 9000      tries this port first`;

async function main(): Promise<void> {
  const { values } = commandLine({
    options: { 'no-browser': { type: 'boolean', default: false },
      port: { type: 'string', default: '8716' } },
  }, USAGE);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Trouble(
      `The port must be an integer from 1 to 65535, got ${values.port}.`,
      `Use it like this:\n${USAGE}`,
    );
  }
  await buildIfNeeded();
  const server = await preview({ root: EXPLAINER, configFile: false, appType: 'mpa',
    logLevel: 'error', build: { outDir: EXPLAINER },
    preview: { host: '127.0.0.1', port, open: !values['no-browser'] } });
  console.log(`The explainer is open:\n\n  ${server.resolvedUrls!.local[0]}\n\nCtrl-C stops it.`);
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });
  await server.close();
  console.log('The explainer is closed.');
}

if (require.main === module) void runProgram(main);
