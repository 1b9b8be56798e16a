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

/** A table, and a procedure that fills it: a row a transaction, three inserts to an update. */
const smallSql = (
  table,
) => `CREATE TABLE ${table} (id INT PRIMARY KEY AUTO_INCREMENT, k INT NOT NULL, v VARCHAR(100) NOT NULL,
  d DECIMAL(12,2), t DATETIME(3), j JSON, KEY (k));
DELIMITER //
CREATE PROCEDURE fill_${table}(n INT) BEGIN DECLARE i INT DEFAULT 0; WHILE i < n DO SET i = i + 1;
IF i % 4 = 0 THEN UPDATE ${table} SET k = k + 1, v = REVERSE(v) WHERE id = i - 3 - ((i - 4) DIV 4);
ELSE INSERT INTO ${table} (k, v, d, t, j) VALUES (i * 7919 % 10007, SHA2(i, 256), i / 7, NOW(3), JSON_OBJECT('a', i, 'b', 'text'));
END IF; END WHILE; END//
DELIMITER ;
`;

/** 100,000 transactions of a row each, by four sessions. */
export async function runSmallTransactions(query) {
  const tables = ['a', 'b', 'c', 'd'];
  await query(`CREATE DATABASE small; USE small; ${tables.map(smallSql).join('')}`);
  await Promise.all(tables.map((table) => query(`CALL small.fill_${table}(25000)`, { timeoutMs: 600_000 })));
}

/** Their log of 50 MB; made once, then kept. */
export async function smallLog(server, compressed = false) {
  mkdirSync(CACHE, { recursive: true });
  const path = join(CACHE, `${server}-small${compressed ? '-compressed' : ''}.binlog`);
  const args = compressed ? [...FAST, '--binlog-transaction-compression=ON'] : FAST;
  if (existsSync(path)) return path;
  console.error(`making ${path}`);
  await servers.withServer(server, 'bench-small', { args }, async ({ query, dataFolder }) => {
    await runSmallTransactions(query);
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
