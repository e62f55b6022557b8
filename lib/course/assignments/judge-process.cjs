'use strict';
/** Starts judge-process.ts with Node alone, by the hook that loads the library's TypeScript. */
const path = require('node:path');

require('../kernel/typescript-hook.cjs').install(path.resolve(__dirname, '..', '..', '..'));
require('./judge-process');
