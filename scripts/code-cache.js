// node scripts/code-cache.js: leaves V8's code cache of the command beside it, for the Node that runs this. The build does so; run by
// another Node after it, it adds that one's.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importTypeScript } from './typescript.js';

const ROOT = join(import.meta.dirname, '..');
const SHOP = join(ROOT, 'examples/shop.binlog');
const LARGE = join(ROOT, 'test/corpus/mysql97/large.binlog.gz');
const [USER, PASSWORD] = ['reader', 'secret'];
const { codeCachePath, load, loaded } = createRequire(import.meta.url)('../bin/load.js');

/** What is done with the command. What has been run is in the caches, the rest is compiled when it is called. */
function runsOf({ loopback, authority }, folder) {
  const server = [
    '-R',
    '--host=127.0.0.1',
    `--port=${loopback.port}`,
    `--user=${USER}`,
    `--ssl-ca=${authority}`,
  ];
  const secured = [...server, '--ssl-mode=VERIFY_IDENTITY', '--tls-version=TLSv1.3'];
  const logs = ['shop', 'large'];
  return [
    [SHOP],
    [...secured, ...logs],
    [...secured, '-v', ...logs],
    [...secured, '--raw', `--result-file=${folder}/`, ...logs],
  ];
}

/** Runs the command, and adds what that compiled to the caches. */
async function run(words) {
  const { main } = load('rowlock');
  process.exitCode = await main([process.execPath, 'rowlock', 'binlog', '--no-defaults', ...words]);
  for (const [name, script] of loaded) writeFileSync(codeCachePath(name), script.createCachedData());
}

async function runAll() {
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-code-cache-'));
  const { serveLogs } = await importTypeScript(join(import.meta.dirname, 'code-cache/log-server.ts'));
  const server = await serveLogs(folder, USER, PASSWORD, { shop: SHOP, large: LARGE });
  try {
    for (const words of runsOf(server, folder)) {
      const child = spawn(process.execPath, [import.meta.filename, ...words], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, MYSQL_PWD: PASSWORD },
      });
      const [status] = await once(child, 'exit');
      if (status !== 0) throw new Error(`rowlock binlog ${words.join(' ')} ended with ${status}`);
    }
  } finally {
    await server.loopback.close();
    rmSync(folder, { recursive: true });
  }
}

const words = process.argv.slice(2);
await (words.length === 0 ? runAll() : run(words));
