'use strict';
/**
 * What npm runs: `node run.cjs NAME …` starts NAME.mjs beside it. Written so that a Node of any age
 * can read it: one that is too old is told so in a sentence, where the programs themselves would
 * end in a syntax error.
 */
const { engines } = require('../../../package.json');

const oldest = Number(/\d+/.exec(engines.node)[0]);
const { node } = process.versions;
const [name] = process.argv.splice(2, 1);

if (Number(node.split('.')[0]) >= oldest) {
  import(`./${name}.mjs`);
} else {
  console.error(`\nProblem: The course needs Node ${oldest} or newer; this is Node ${node}.`);
  console.error(
    'Next step: Install the current LTS release from https://nodejs.org (or with your version manager), then open a '
      + 'new terminal.',
  );
  process.exitCode = 1;
}
