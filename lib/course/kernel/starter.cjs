'use strict';
/**
 * Whether the program that started the kernel is still there. Plain JavaScript: the thread of
 * sigint.cjs asks it.
 */

/**
 * Jupyter says who started us in JPY_PARENT_PID; on Windows that is a handle and no process id, but
 * our parent stays.
 */
function starterId({ platform, ppid, env }) {
  const said = platform === 'win32' ? 0 : Number(env.JPY_PARENT_PID);
  return said > 1 ? said : ppid;
}

/**
 * A function that tells whether the starter is gone, however that ended, and be it before this is
 * called.
 */
function starterOf(kernel) {
  const [parent, starter] = [kernel.ppid, starterId(kernel)];
  return () => {
    try {
      // 0: only asks whether it is there
      return kernel.ppid !== parent || (starter > 1 && !kernel.kill(starter, 0));
    } catch (error) {
      return error.code === 'ESRCH';
    }
  };
}

module.exports = { starterOf };
