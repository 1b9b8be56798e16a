import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const HERE = import.meta.dirname;

/** Bundles `folder/what.ts`, and the files beside it for the processes that it starts, and runs it. BENCH_PROFILE keeps names for profiles. */
export async function runBundled(folder, what, ...beside) {
  // Beside the sources: packages are found from there.
  const made = mkdtempSync(join(HERE, '../node_modules/.bench-'));
  try {
    await build({
      entryPoints: Object.fromEntries(
        [what, ...beside].map((name) => [name, join(HERE, folder, `${name}.ts`)]),
      ),
      bundle: true,
      platform: 'node',
      format: 'esm',
      outdir: made,
      outExtension: { '.js': '.mjs' },
      packages: 'external',
      sourcemap: process.env.BENCH_PROFILE === undefined ? false : 'inline',
      logLevel: 'error',
    });
    await import(pathToFileURL(join(made, `${what}.mjs`)).href);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}
