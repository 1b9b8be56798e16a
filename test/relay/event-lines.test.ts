import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ServerError } from '../../src/errors/index.ts';
import { eventLines } from '../../src/relay/binary-log/index.ts';
import { BlockCache, LogEvents, LogSequence, nodeDisk } from '../../src/store/index.ts';
import { missingServers, withServer } from '../servers/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-lines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const COMMON = `CREATE DATABASE d; USE d; CREATE TABLE t (a INT PRIMARY KEY AUTO_INCREMENT, b VARCHAR(50));
  INSERT INTO t (b) VALUES ('one'), ('two'); UPDATE t SET b = 'uno' WHERE a = 1; DELETE FROM t WHERE a = 2;
  SET SESSION binlog_format='STATEMENT'; SET @v = 'user'; SET @n = 5; INSERT INTO t (b) VALUES (@v), (@n); INSERT INTO t (b) VALUES (RAND());
  INSERT INTO t (b) SELECT LAST_INSERT_ID(); SET SESSION binlog_format='ROW'; BEGIN; INSERT INTO t (b) VALUES ('s'); SAVEPOINT s1; DELETE FROM t; ROLLBACK;
  ALTER TABLE t COMMENT 'it''s'; XA START 'x','y',3; INSERT INTO t (b) VALUES ('xa'); XA END 'x','y',3; XA PREPARE 'x','y',3; XA COMMIT 'x','y',3;
  XA START 'o'; INSERT INTO t (b) VALUES ('xo'); XA END 'o'; XA COMMIT 'o' ONE PHASE; TRUNCATE t;`;

const CASES = {
  mysql: {
    name: 'mysql97',
    args: ['--server-id=1', '--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--log-bin=mysql-bin'],
    sql: `${COMMON} SET binlog_rows_query_log_events=1; INSERT INTO t (b) VALUES ('noted'); SET binlog_rows_query_log_events=0;
      SET binlog_transaction_compression=1; INSERT INTO t (b) VALUES (REPEAT('z', 50)); SET binlog_transaction_compression=0;
      SET gtid_next='AUTOMATIC:tag'; INSERT INTO t (b) VALUES ('tagged'); SET gtid_next='AUTOMATIC'; CREATE TABLE c AS SELECT 1 AS x`,
  },
  mariadb: {
    name: 'mariadb118',
    args: ['--server-id=1', '--log-bin=mysql-bin', '--binlog-format=ROW'],
    sql: `${COMMON} SET SESSION binlog_annotate_row_events=1; INSERT INTO t (b) VALUES ('noted'); CREATE TABLE c AS SELECT 1 AS x; CREATE SEQUENCE q`,
  },
} as const;

/** The first event, the middle of it, the middle of MySQL's second one, beyond the last. Further on MySQL reads nonsense at times. */
const POSITIONS = [4, 5, 130, 10_000_000];

/** The lines as the client prints them, or what is said instead. */
async function printed(
  log: Parameters<typeof eventLines>[0],
  flavor: 'mysql' | 'mariadb',
  from: number,
): Promise<string[]> {
  const lines: string[] = [];
  const limit = { offset: 0, count: Number.MAX_SAFE_INTEGER };
  try {
    for await (const line of eventLines(log, flavor, 'mysql-bin.000001', from, limit)) {
      const { logName, position, eventType, serverId, endLogPosition, info } = line;
      const text = info.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
      lines.push([logName, position, eventType, serverId, endLogPosition, text].join('\t'));
    }
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return [error.message];
  }
  return lines;
}

describe.each(['mysql', 'mariadb'] as const)('SHOW BINLOG EVENTS of %s', (flavor) => {
  const { name, args, sql } = CASES[flavor];

  test.skipIf(missingServers(name))('says what the server says', async () => {
    const data = join(folder, flavor);
    const shown: string[][] = [];
    await withServer(name, 'lines', { args }, async (source) => {
      await source.query(
        `${flavor === 'mysql' ? 'RESET BINARY LOGS AND GTIDS' : 'RESET MASTER'}; ${sql}; FLUSH BINARY LOGS`,
      );
      for (const position of POSITIONS) {
        // oxlint-disable-next-line no-await-in-loop -- one question at a time
        const theirs = await source
          .query(`SHOW BINLOG EVENTS IN 'mysql-bin.000001' FROM ${position}`)
          .catch((error: Error) => `\n${/Error when.*/.exec(error.message)}`);
        shown.push(theirs.trimEnd().split('\n').slice(1));
      }
      await nodeDisk.makeFolder(data);
      copyFileSync(join(source.dataFolder, 'mysql-bin.000001'), join(data, 'mysql-bin.000001'));
    });
    writeFileSync(join(data, 'mysql-bin.index'), './mysql-bin.000001\n');
    const facts = { flavor, serverId: 9, serverVersion: '9.7.0-rowlock', relayLog: false, now: Date.now };
    const events = new LogEvents(facts);
    const log = await LogSequence.open({
      disk: nodeDisk,
      folder: data,
      base: 'mysql-bin',
      cache: new BlockCache(),
      opening: () => events.formatDescription(4, true, true),
      closing: (_next, position) => events.stop(position, true),
    });
    const ours: string[][] = [];
    // oxlint-disable-next-line no-await-in-loop -- one question at a time
    for (const position of POSITIONS) ours.push(await printed(log, flavor, position));
    await log.close();
    expect(ours).toEqual(shown);
  });
});
