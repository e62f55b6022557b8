/**
 * `npm start [-- --no-browser] [--port N]`: installs what is missing and opens the course in
 * JupyterLab.
 */
import { parseArgs } from 'node:util';
import { install } from './install.mjs';
import { Lab } from './lab.mjs';
import { program, Trouble } from './trouble.mjs';

program(async () => {
  const { browser, port } = options();
  const start = Date.now();
  await install();
  const lab = await Lab.open({ browser, port });
  const wanted = lab.port === port ? '' : ` (port ${port} is taken)`;
  console.log(
    `\nThe course is open after ${
      ((Date.now() - start) / 1000).toFixed(1)
    } s${wanted}:\n\n  ${lab.url}\n`,
  );
  console.log('Ctrl-C stops it.');
  await lab.closed(['SIGINT', 'SIGTERM', 'SIGHUP']);
  console.log('The course is closed.');
});

/** @throws {Trouble} for an option that does not exist, or a port that is none */
function options() {
  try {
    const { values } = parseArgs({
      options: { 'no-browser': { type: 'boolean' }, port: { type: 'string' } },
    });
    const port = Number(values.port ?? 8888);
    if (!Number.isInteger(port) || port < 1 || port > 65535)
      throw new Error(`A port is a number from 1 to 65535, not ${values.port}.`);
    return { browser: !values['no-browser'], port };
  } catch (error) {
    const [first] = /** @type {Error} */ (error).message.split('. ');
    throw new Trouble(
      first,
      'Say npm start, or npm start -- --no-browser, or npm start -- --port 9000.',
    );
  }
}
