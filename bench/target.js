// node bench/target.js [apply | delay | memory]: rows into MySQL and SQLite, beside MySQL's own applier. Needs the servers of test/servers.
// BENCH_ROUNDS, BENCH_TRANSACTIONS, BENCH_WORK=rows or small, BENCH_WAYS=kept,grouped,sqlite,… make it smaller; writes bench/results.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const HERE = import.meta.dirname;
// Beside the sources: packages are found from there.
const folder = mkdtempSync(join(HERE, '../node_modules/.bench-'));
const what = process.argv[2] ?? 'apply';
try {
  await build({
    entryPoints: { [what]: join(HERE, `target/${what}.ts`), follow: join(HERE, 'target/follow.ts') },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    packages: 'external',
    sourcemap: process.env.BENCH_PROFILE === undefined ? false : 'inline',
    logLevel: 'error',
  });
  await import(pathToFileURL(join(folder, `${what}.mjs`)).href);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
