// Builds what the package ships: dist/lib, the library as ES modules with types, and dist/cli, each command bundled into few
// files so that starting one costs little more than starting Node.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { version } = createRequire(import.meta.url)('../package.json');
process.chdir(root);
rmSync('dist', { recursive: true, force: true });

await build({
  entryPoints: { rowlock: 'src/cli/main.ts' },
  outdir: 'dist/cli',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  chunkNames: 'chunk-[hash]',
  minifySyntax: true,
  define: { ROWLOCK_VERSION: JSON.stringify(version) },
  // CommonJS packages inside a bundle ask for Node's own modules by `require`.
  banner: { js: "import { createRequire as rowlockRequire } from 'node:module'; const require = rowlockRequire(import.meta.url);" },
  logLevel: 'warning',
});

execFileSync(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
