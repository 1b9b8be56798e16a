// node scripts/code-cache.js: leaves V8's code cache of the command beside it, for the Node that runs this. The build does so; run by
// another Node after it, it adds that one's.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const { codeCachePath, exportsOf, scriptOf } = createRequire(import.meta.url)('../bin/load.js');

if (process.argv[2] === 'run') {
  // What has been run is in the cache, the rest is compiled when it is called.
  const script = scriptOf('rowlock');
  const words = ['binlog', '--no-defaults', join(ROOT, 'examples/shop.binlog')];
  process.exitCode = await exportsOf(script).main([process.argv[0], 'rowlock', ...words]);
  writeFileSync(codeCachePath('rowlock'), script.createCachedData());
} else {
  const { status } = spawnSync(process.execPath, [import.meta.filename, 'run'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.exitCode = status ?? 1;
}
