'use strict';
/**
 * The program that npm runs: `node run.cjs NAME …` starts NAME.mjs beside it. The syntax is one
 * that any Node of the last ten years can parse. If Node is too old, it prints one clear sentence,
 * while the programs themselves would end in a syntax error.
 */
const { nodeTrouble } = require('./node-version.cjs');

const [name] = process.argv.splice(2, 1);

if (nodeTrouble) {
  console.error(`\nProblem: The course ${nodeTrouble}.`);
  console.error(
    'Next step: Install the current LTS release from https://nodejs.org (or with your version '
      + 'manager), then open a new terminal.',
  );
  process.exitCode = 1;
} else {
  import(`./${name}.mjs`);
}
