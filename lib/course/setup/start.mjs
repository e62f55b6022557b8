/** `npm start`: installs what is missing and opens the course in JupyterLab. */
import { makeCopies } from '../copies/working-copies.mjs';
import { install } from './install.mjs';
import { DEFAULT_PORT, Lab } from './jupyterlab.mjs';
import { commandLine, runProgram, Trouble } from './program.mjs';

const USAGE = `npm start                     installs what is missing and opens the course
npm start -- --no-browser     only prints the address
npm start -- --port 9000      tries this port first`;

void runProgram(async () => {
  const { browser, port } = options();
  const start = Date.now();
  await install();
  const { made, states } = makeCopies();
  if (made.length > 0)
    console.log(`${made.length} notebooks copied into my-notebooks/, without outputs.`);
  const view = ['my-notebooks', ...states.slice(0, 1).map(({ name }) => name)].join('/');
  const lab = await Lab.open({ browser, port, view });
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  const wanted = lab.port === port ? '' : ` (port ${port} is taken)`;
  console.log(`\nThe course is open after ${seconds} s${wanted}:\n\n  ${lab.url}\n`);
  for (const { name, broken, newer } of states) {
    const what = broken ? 'cannot be read' : newer ? 'has a newer version' : '';
    if (what) console.log(`${name} ${what}: npm run my-notebooks -- reset ${name.slice(0, 4)}`);
  }
  console.log('Ctrl-C stops it.');
  await lab.closed(['SIGINT', 'SIGTERM', 'SIGHUP']);
  console.log('The course is closed.');
});

/** @throws {Trouble} for an unknown option, or an invalid port */
function options() {
  const { values } = commandLine({
    options: { 'no-browser': { type: 'boolean' }, port: { type: 'string' } },
  }, USAGE);
  const port = Number(values.port ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Trouble(
      `The port must be an integer from 1 to 65535, got ${values.port}.`,
      `Use it like this:\n${USAGE}`,
    );
  }
  return { browser: !values['no-browser'], port };
}
