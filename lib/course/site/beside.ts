/**
 * The explainer beside JupyterLab, a process that `npm start` begins and ends: the links of the
 * notebooks lead to it. It says in a line where it is, or why it is not there, and ends with its
 * input, so that it never outlives the program that has started it.
 */
import { runProgram } from '../setup/program.mjs';
import { buildIfNeeded } from './build';
import { EXPLAINER_PORT, servePage } from './server';

/** The tests take another one. */
const PORT = Number(process.env['COURSE_EXPLAINER_PORT'] ?? EXPLAINER_PORT);

async function main(): Promise<void> {
  // a build that fails ends the program, too
  process.stdin.once('end', () => process.exit()).resume().unref();
  await buildIfNeeded();
  try {
    const { url } = await servePage({ port: PORT, strictPort: true });
    console.log(`The explainer, to which the links of the notebooks lead:\n\n  ${url}\n`);
  } catch (error) {
    if (!/already in use|EADDRINUSE/.test(String(error))) throw error;
    console.log(`Port ${PORT} is taken: the links of the notebooks lead to what is there.`);
    process.exit();
  }
}

if (require.main === module) void runProgram(main);
