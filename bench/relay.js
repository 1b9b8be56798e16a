// node bench/relay.js: a relay beside MySQL's own replica, on one source over loopback. Needs the servers of test/servers.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const HERE = import.meta.dirname;
// Beside the sources: packages are found from there.
const folder = mkdtempSync(join(HERE, '../node_modules/.bench-'));
const outfile = join(folder, 'relay.mjs');
try {
  await build({
    entryPoints: [join(HERE, 'relay/measure.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    packages: 'external',
    logLevel: 'error',
  });
  await import(pathToFileURL(outfile).href);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
