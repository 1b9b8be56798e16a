// Builds what the package ships: dist/lib, the library as ES modules with types, and dist/cli, each command bundled into few
// files so that starting one costs little more than starting Node.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const requireHere = createRequire(import.meta.url);
const { version } = requireHere('../package.json');
process.chdir(root);
rmSync('dist', { recursive: true, force: true });

/**
 * Importing a built-in module into an ES module reads all its properties, and some of them load a lot: those of `node:fs` all of the
 * streams. What is run at every start gets its built-in modules another way; where the list says so, when something of theirs is used.
 */
const IN_EVERY_START =
  /[\\/]src[\\/](binlog|bytes|charset|cli[\\/](main|command-io)\.ts|cli[\\/]binlog|gtid|options|store|text)/;
const LAZY = new Set(['node:crypto', 'node:tty', 'node:worker_threads', 'node:zlib']);

/** A module with the same names as a built-in one. A lazy one's are for functions to call and classes to make instances of. */
function standInFor(name) {
  const properties = Object.entries(Object.getOwnPropertyDescriptors(requireHere(name)));
  const names = properties.filter(([key, { value }]) => value !== undefined && /^[a-z]\w*$/i.test(key));
  const get = `process.getBuiltinModule(${JSON.stringify(name)})`;
  if (!LAZY.has(name)) {
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

const builtins = {
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, importer }) =>
      IN_EVERY_START.test(importer) && !importer.endsWith('team/row-worker.ts')
        ? { path, namespace: 'builtin', sideEffects: false }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({ contents: standInFor(path) }));
  },
};

const { metafile } = await build({
  entryPoints: { rowlock: 'src/cli/main.ts', 'row-worker': 'src/cli/binlog/team/row-worker.ts' },
  outdir: 'dist/cli',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  chunkNames: 'chunk-[hash]',
  minify: true,
  define: { ROWLOCK_VERSION: JSON.stringify(version) },
  // CommonJS packages inside a bundle ask for Node's own modules by `require`.
  banner: {
    js: "import { createRequire as rowlockRequire } from 'node:module'; const require = rowlockRequire(import.meta.url);",
  },
  plugins: [builtins],
  logLevel: 'warning',
  metafile: true,
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
  Object.keys(metafile.inputs).flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
);
const notices = [...packages].sort().map((name) => {
  const folder = join('node_modules', name);
  const licence = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  const text = licence === undefined ? '' : readFileSync(join(folder, licence), 'utf8');
  const { version: packed, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return `${name} ${packed} (${license})\n\n${text.trim()}\n`;
});
writeFileSync('dist/THIRD-PARTY-LICENSES.txt', notices.join(`\n${'-'.repeat(80)}\n\n`));
