// Builds what the package ships: dist/lib, the library as ES modules with types, and dist/cli, each command bundled into few
// files so that starting one costs little more than starting Node.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { version } = createRequire(import.meta.url)('../package.json');
process.chdir(root);
rmSync('dist', { recursive: true, force: true });

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
