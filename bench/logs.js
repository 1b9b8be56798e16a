import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { importTypeScript } from '../scripts/typescript.js';

/** Where logs and competitors are kept between runs. */
export const CACHE =
  process.env.ROWLOCK_BENCH || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'rowlock-bench');

export const servers = await importTypeScript(join(import.meta.dirname, '../test/servers/index.ts'));

export const FAST = ['--max-binlog-size=1073741824', '--innodb-flush-log-at-trx-commit=0', '--sync-binlog=0'];

/** The statements of rows.sql in the words of the server; MariaDB names the limit of recursion differently. */
export function rowsSql(server) {
  const sql = readFileSync(join(import.meta.dirname, 'rows.sql'), 'utf8');
  return server.startsWith('mariadb')
    ? sql.replace('cte_max_recursion_depth', 'max_recursive_iterations')
    : sql;
}

/** The largest of a server's logs. */
export function largestLog(dataFolder) {
  const logs = readdirSync(dataFolder).filter((name) => /^mysql-bin\.\d+$/.test(name));
  const size = (name) => statSync(join(dataFolder, name)).size;
  return logs.sort((a, b) => size(b) - size(a))[0];
}

/** The 230 MB log that rows.sql leaves on a server of this name, or 60 MB where its transactions are compressed; made once, then kept. */
export async function rowsLog(server, compressed = false) {
  mkdirSync(CACHE, { recursive: true });
  const path = join(CACHE, `${server}${compressed ? '-compressed' : ''}.binlog`);
  const args = compressed ? [...FAST, '--binlog-transaction-compression=ON'] : FAST;
  if (existsSync(path)) return path;
  console.error(`making ${path}`);
  await servers.withServer(server, 'bench', { args }, async ({ query, dataFolder }) => {
    await query(rowsSql(server), { timeoutMs: 1_200_000 });
    await query('FLUSH BINARY LOGS');
    copyFileSync(join(dataFolder, largestLog(dataFolder)), `${path}.part`);
  });
  renameSync(`${path}.part`, path);
  return path;
}

/** A log with nothing but its first events. */
export async function emptyLog(server) {
  mkdirSync(CACHE, { recursive: true });
  const path = join(CACHE, `${server}-empty.binlog`);
  if (existsSync(path)) return path;
  await servers.withServer(server, 'bench-empty', { args: FAST }, async ({ query, dataFolder }) => {
    await query('FLUSH BINARY LOGS; FLUSH BINARY LOGS');
    copyFileSync(join(dataFolder, 'mysql-bin.000002'), path);
  });
  return path;
}
