'use strict';
/**
 * Lets `require` load the project's TypeScript: esbuild turns a file into CommonJS once, and caches
 * the result in `.cache/typescript` under the hash of its text. Types are not checked here
 * (typecheck.ts does that).
 *
 * It also records what it loaded, so that the kernel can detect files that were edited since.
 */
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

/**
 * What was loaded, by file name.
 * @type {Map<string, { text: string, mtimeMs: number, map: SourceMapPayload | undefined }>}
 * @typedef {import('node:module').SourceMapPayload} SourceMapPayload
 */
const loaded = new Map();

/**
 * What the kernel adds: `beforeLoad` is called before each file and may throw, so that an interrupt
 * ends an import between two files.
 */
const hooks = { beforeLoad() {} };

/** `import x from './y.js'` may mean `y.ts`, as in TypeScript. */
function resolveJsAsTs() {
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function(request, ...rest) {
    try {
      return resolve.call(this, request, ...rest);
    } catch (error) {
      if (!/^\.{1,2}\/.*\.js$/.test(request)) throw error;
      return resolve.call(this, request.replace(/\.js$/, '.ts'), ...rest);
    }
  };
}

/** How often esbuild is started again for one file. */
const RESTARTS = 5;

/** The CommonJS text of a TypeScript file, with its source map inline. */
function translate(file, text) {
  const esbuild = require('esbuild');
  for (let restarts = 0;; restarts++) {
    try {
      return esbuild.transformSync(text, {
        loader: 'ts',
        format: 'cjs',
        target: 'es2022',
        platform: 'node',
        // `import()` of a library file becomes `require`, which this hook serves
        supported: { 'dynamic-import': false },
        sourcemap: 'inline',
        sourcesContent: false,
        sourcefile: file,
      }).code;
    } catch (error) {
      // Jupyter sends an interrupt to all processes of the kernel, also to that of esbuild.
      if (restarts === RESTARTS || !/The service (was stopped|is no longer)/.test(error.message))
        throw error;
      hooks.beforeLoad();
      esbuild.stop();
    }
  }
}

/** As {@link translate}, from the cache where it is there and whole. */
function compile(file, text, cache) {
  const { version } = require('esbuild/package.json');
  const key = createHash('sha256').update(`${version}\0require\0${file}\0${text}`).digest('hex');
  const cached = path.join(cache, `${key}.js`);
  try {
    const code = fs.readFileSync(cached, 'utf8');
    if (inlineMap(code)) return code;
  } catch {
    // not there, or cut off
  }
  const code = translate(file, text);
  try {
    store(cached, code);
  } catch {
    // The folder is read-only or the disk is full: the next kernel translates the file again.
  }
  return code;
}

/** Writes a file as a whole, because another kernel may be reading the same cache. */
function store(file, text) {
  const unfinished = `${file}.${process.pid}`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  try {
    fs.writeFileSync(unfinished, text);
    fs.renameSync(unfinished, file);
  } catch (error) {
    fs.rmSync(unfinished, { force: true });
    throw error;
  }
}

/**
 * The source map at the end of a compiled text; undefined if there is none.
 * @param {string} code
 * @returns {SourceMapPayload | undefined}
 */
function inlineMap(code) {
  const start = code.lastIndexOf('//# sourceMappingURL=data:application/json;base64,');
  if (start < 0) return undefined;
  return JSON.parse(
    Buffer.from(code.slice(code.indexOf(',', start) + 1), 'base64').toString('utf8'),
  );
}

/**
 * Installs the hook for every `.ts` file that is required in this process; its cache is below
 * `root`.
 * @param {string} root
 */
function install(root) {
  const cache = path.join(root, '.cache', 'typescript');
  resolveJsAsTs();
  Module._extensions['.ts'] = (module, file) => {
    hooks.beforeLoad();
    refuseEdited(root);
    const { mtimeMs } = fs.statSync(file);
    const text = fs.readFileSync(file, 'utf8');
    const code = compile(file, text, cache);
    loaded.set(file, { text, mtimeMs, map: inlineMap(code) });
    module._compile(code, file);
  };
}

/**
 * The loaded files, except the kernel's own, whose text on disk differs from the one that is
 * running.
 * @returns {string[]}
 */
function edited() {
  /** @type {string[]} */
  const changed = [];
  for (const [file, entry] of loaded) {
    if (file.startsWith(__dirname)) continue;
    const mtimeMs = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (mtimeMs === entry.mtimeMs) continue;
    if (mtimeMs !== undefined && fs.readFileSync(file, 'utf8') === entry.text)
      entry.mtimeMs = mtimeMs;
    else changed.push(file);
  }
  return changed;
}

/**
 * Throws if a loaded file was edited: what is loaded next could be a mixture of old and new.
 * @param {string} root
 * @throws a `StaleLibrary` error that names the edited files
 */
function refuseEdited(root) {
  const names = edited().map((file) => path.relative(root, file).replaceAll('\\', '/'));
  if (names.length === 0) return;
  const error = new Error(
    `${names.join(', ')} changed after this kernel loaded it: restart the kernel`,
  );
  error.name = 'StaleLibrary';
  throw error;
}

/**
 * The source map of a file that the hook loaded.
 * @param {string} file
 */
const sourceMap = (file) => loaded.get(file)?.map;

module.exports = { hooks, install, edited, refuseEdited, inlineMap, sourceMap };
