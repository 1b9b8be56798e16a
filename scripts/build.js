// Builds what the package ships: dist/lib, the library as ES modules with types, dist/rowlock.js, the library in one file, and dist/cli,
// the commands bundled into few files so that starting one costs little more than starting Node.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const requireHere = createRequire(import.meta.url);
const { version } = requireHere('../package.json');
process.chdir(root);
rmSync('dist', { recursive: true, force: true });

/**
 * Asking for a built-in module by `import` or `require` reads all its properties, and some of them load a lot: those of `node:fs` all of
 * the streams. What is run at every start gets its built-in modules another way; where the set says so, when something of theirs is
 * used.
 */
const LAZY = new Set(['node:crypto', 'node:tty', 'node:worker_threads', 'node:zlib']);
/** Each login takes `node:crypto`. */
const LAZY_REMOTE = new Set(['node:dns/promises', 'node:tty', 'node:worker_threads', 'node:zlib']);

/** A module with the same names as a built-in one. A lazy one's are for functions to call and classes to make instances of. */
function standInFor(name, isLazy) {
  const properties = Object.entries(Object.getOwnPropertyDescriptors(requireHere(name)));
  const names = properties.filter(([key, { value }]) => value !== undefined && /^[a-z]\w*$/i.test(key));
  const get = `process.getBuiltinModule(${JSON.stringify(name)})`;
  if (!isLazy) {
    return [
      `const real = ${get};`,
      ...names.map(([key]) => `export const ${key} = /* @__PURE__ */ (() => real.${key})();`),
      'export default real;',
    ].join('\n');
  }
  return [
    `let real; const load = () => (real ??= ${get});`,
    'const standIn = (name) => function (...given) {',
    '  return new.target === undefined ? load()[name](...given) : new (load()[name])(...given);',
    '};',
    ...names.map(([key]) => `export const ${key} = /* @__PURE__ */ standIn(${JSON.stringify(key)});`),
    'export default new Proxy({}, { get: (_, key) => load()[key] });',
  ].join('\n');
}

/** Has a bundle ask for built-in modules in that way. */
const builtins = (lazy) => ({
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, importer }) =>
      importer.endsWith('team/row-worker.ts')
        ? undefined
        : { path, namespace: 'builtin', sideEffects: false },
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: standInFor(path, lazy.has(path)),
    }));
  },
});

/** Entries of the ES modules: what the first file loads when it is asked for. */
const commands = ['inspect', 'relay', 'replicate', 'sql', 'certs', 'doctor', 'completion'];
const loadedLater = {
  ...Object.fromEntries(commands.map((name) => [name, `src/cli/${name}/index.ts`])),
  zstd: 'zstddec/stream',
};
/** Another file of CommonJS. Runs that read from a server are started as often as others. */
const remoteLogs = { 'remote-logs': 'src/cli/binlog/remote-logs.ts' };

const toEntries = {
  name: 'to-entries',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path, importer }) => {
      if (kind !== 'dynamic-import') return undefined;
      const wanted = path.startsWith('.') ? relative(root, resolve(dirname(importer), path)) : path;
      const named = (entries) => Object.keys(entries).find((name) => entries[name] === wanted);
      const file = named(remoteLogs) === undefined ? `${named(loadedLater)}.js` : `${named(remoteLogs)}.cjs`;
      if (file === 'undefined.js') throw new Error(`${importer} loads ${path}, which is no entry`);
      return { path: `./${file}`, external: true };
    });
  },
};

const common = {
  outdir: 'dist/cli',
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: false,
  define: { ROWLOCK_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
  metafile: true,
};

/** Builds files of CommonJS. They are run as scripts, which have no `import` of their own: their launcher gives them one. */
async function buildScripts(entryPoints, lazy) {
  const { metafile } = await build({
    ...common,
    entryPoints,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    define: { ...common.define, 'import.meta.dirname': '__dirname' },
    plugins: [builtins(lazy), toEntries],
  });
  for (const path of Object.keys(metafile.outputs)) {
    const text = readFileSync(path, 'utf8').replaceAll('import("./', 'rowlockImport("./');
    if (/\bimport\(/.test(text)) throw new Error(`${path} loads what it should not`);
    writeFileSync(path, text);
  }
  return metafile.inputs;
}

// What starts have to be quick for is a file of CommonJS: Node has it running 10 ms before a module, and every file costs another.
const inputs = {
  ...(await buildScripts(
    { rowlock: 'src/cli/main.ts', 'row-worker': 'src/cli/binlog/team/row-worker.ts' },
    LAZY,
  )),
  ...(await buildScripts(remoteLogs, LAZY_REMOTE)),
};
// A process that reads tables is started again and again, and loads nothing that is not for it.
for (const entryPoints of [loadedLater, { 'table-reader': 'src/cli/relay/table-reader.ts' }]) {
  const { metafile } = await build({
    ...common,
    entryPoints,
    splitting: true,
    format: 'esm',
    chunkNames: 'chunk-[hash]',
    // CommonJS packages inside a bundle ask for Node's own modules by `require`.
    banner: {
      js: "import { createRequire as rowlockRequire } from 'node:module'; const require = rowlockRequire(import.meta.url);",
    },
  });
  Object.assign(inputs, metafile.inputs);
}

execFileSync(process.execPath, [join('scripts', 'code-cache.js')], { stdio: 'inherit' });

/** zstd's package has one instance of its WebAssembly for all who import it: Node's users have one that is the library's alone. */
const ownZstd = {
  name: 'own-zstd',
  setup({ onResolve }) {
    onResolve({ filter: /^zstddec\/stream$/ }, ({ path }) => ({ path: requireHere.resolve(path) }));
  },
};

// What Node loads when the library is imported: 300 modules in one file take 0.04 s of processor time, as files of their own 0.35.
// Bundlers are given those (the condition `module` of package.json), and leave out what is not used.
await build({
  entryPoints: ['src/index.ts'],
  outfile: 'dist/rowlock.js',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  plugins: [ownZstd],
  logLevel: 'warning',
});

execFileSync(
  process.execPath,
  [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'],
  {
    stdio: 'inherit',
  },
);

/** Licences of the packages whose code is inside the bundles: they ask to be kept with it. */
const packages = new Set(
  Object.keys(inputs).flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
);
const notices = [...packages].sort().map((name) => {
  const folder = join('node_modules', name);
  const licence = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  const text = licence === undefined ? '' : readFileSync(join(folder, licence), 'utf8');
  const { version: packed, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return `${name} ${packed} (${license})\n\n${text.trim()}\n`;
});
writeFileSync('dist/THIRD-PARTY-LICENSES.txt', notices.join(`\n${'-'.repeat(80)}\n\n`));
