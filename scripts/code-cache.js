// node scripts/code-cache.js: leaves V8's code cache of the command beside it, for the Node that runs this. The build does so; run by
// another Node after it, it adds that one's.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const { codeCachePath, exportsOf, scriptOf } = createRequire(import.meta.url)('../bin/load.js');

/** What is done with each file. What has been run is in its cache, the rest is compiled when it is called. */
const runs = {
  rowlock: ({ main }) =>
    main([process.argv[0], 'rowlock', 'binlog', '--no-defaults', join(ROOT, 'examples/shop.binlog')]),
  // There is no server to read from.
  'remote-logs': () => 0,
};

const name = process.argv[2];
if (name === undefined) {
  for (const each of Object.keys(runs)) {
    const { status } = spawnSync(process.execPath, [import.meta.filename, each], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    process.exitCode ||= status ?? 1;
  }
} else {
  const script = scriptOf(name);
  process.exitCode = await runs[name](exportsOf(script));
  writeFileSync(codeCachePath(name), script.createCachedData());
}
