'use strict';
const { existsSync, readFileSync } = process.getBuiltinModule('fs');
const { Script } = process.getBuiltinModule('vm');
const { basename, join } = process.getBuiltinModule('path');

const FOLDER = join(__dirname, '../dist/cli');

/** What V8 made of a bundle before, for this very V8 and processor. */
function codeCachePath(name) {
  return join(FOLDER, `${name}-${process.versions.v8}-${process.arch}.cache`);
}

function readIfThere(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** A bundle as a script. V8 looks whether the cache is of this V8 and this source, and compiles where it is not. */
function scriptOf(name, cachedData) {
  const filename = join(FOLDER, `${name}.cjs`);
  // The bundles are ASCII.
  const source = readFileSync(filename, 'latin1');
  return new Script(`(function (exports, module, require, __dirname, rowlockImport) {${source}\n})`, {
    filename,
    cachedData,
  });
}

/** Runs a bundle's script; what it exports. */
function exportsOf(script) {
  const module = { exports: {} };
  const importEntry = (path) =>
    path.endsWith('.cjs') ? Promise.resolve(load(basename(path, '.cjs'))) : import(`../dist/cli/${path}`);
  script.runInThisContext()(module.exports, module, require, FOLDER, importEntry);
  return module.exports;
}

/** The bundles that were loaded, by name. */
const loaded = new Map();

/** A bundle's exports. */
function load(name) {
  if (!existsSync(join(FOLDER, `${name}.cjs`))) {
    process.stderr.write('rowlock: this checkout has not been built. Run: npm ci && npm run build\n');
    process.exit(1);
  }
  const script = scriptOf(name, readIfThere(codeCachePath(name)));
  loaded.set(name, script);
  return exportsOf(script);
}

module.exports = { codeCachePath, load, loaded };
