// node bench/relay.js [measure | hop | replica | readers]: a relay between real servers on loopback, TLS on every hop. Needs the servers
// of test/servers. BENCH_MEGABYTES and BENCH_TRANSACTIONS make it smaller.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const HERE = import.meta.dirname;
// Beside the sources: packages are found from there.
const folder = mkdtempSync(join(HERE, '../node_modules/.bench-'));
const what = process.argv[2] ?? 'measure';
try {
  await build({
    entryPoints: { [what]: join(HERE, `relay/${what}.ts`), reader: join(HERE, 'relay/reader.ts') },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    packages: 'external',
    logLevel: 'error',
  });
  await import(pathToFileURL(join(folder, `${what}.mjs`)).href);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
