import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseMariadbGtid, parseMysqlGtid } from '../../src/gtid/index.ts';
import { missingServers, withServer } from '../servers/index.ts';
import { bytesIn } from './bytes-in.ts';
import { channelTo, openTestRelay, until, untilApplied } from './relay-streams.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-violations-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MARKER = 'xyzzy-never-on-disk';
const STATEMENT = "SET SESSION binlog_format='STATEMENT'; USE d;";

/** What no row-only channel lets through, and how a server comes to log it. */
const KINDS: Readonly<Record<string, string>> = {
  'statement insert': `${STATEMENT} INSERT INTO t (a, b) VALUES (3, '${MARKER}')`,
  'statement update': `${STATEMENT} UPDATE t SET b = '${MARKER}' WHERE a = 1`,
  'load data': `${STATEMENT} LOAD DATA INFILE 'FILE' INTO TABLE t`,
  'user variable': `${STATEMENT} SET @v = '${MARKER}'; INSERT INTO t VALUES (2, @v)`,
  'rand and insert id': `${STATEMENT} INSERT INTO u (b) VALUES (CONCAT('${MARKER}', RAND()))`,
  'temporary table': `${STATEMENT} CREATE TEMPORARY TABLE tmp (a INT COMMENT '${MARKER}')`,
  'commented temporary table': `${STATEMENT} CREATE /* c */ TEMPORARY TABLE tmp (a INT COMMENT '${MARKER}')`,
  'a function with effects': `${STATEMENT} SELECT f('${MARKER}')`,
  'create from a query': `${STATEMENT} CREATE TABLE c SELECT '${MARKER}' AS a`,
};

/** What only MariaDB has, or logs otherwise. */
const MARIADB_KINDS: Readonly<Record<string, string>> = {
  ...KINDS,
  replace: `${STATEMENT} REPLACE INTO t VALUES (1, '${MARKER}')`,
  'insert returning': `${STATEMENT} INSERT INTO t VALUES (5, '${MARKER}') RETURNING a`,
  'a statement with its own settings': `${STATEMENT} SET STATEMENT sort_buffer_size=100000 FOR INSERT INTO t VALUES (5, '${MARKER}')`,
  'executed at once': `${STATEMENT} EXECUTE IMMEDIATE 'INSERT INTO t VALUES (5, ?)' USING '${MARKER}'`,
  'create or replace from a query': `${STATEMENT} CREATE OR REPLACE TABLE c SELECT '${MARKER}' AS a`,
  'a block': `${STATEMENT}\nDELIMITER //\nBEGIN NOT ATOMIC DECLARE v TEXT DEFAULT '${MARKER}'; INSERT INTO t VALUES (5, v); END//\nDELIMITER ;\n`,
  'compressed statement': `SET GLOBAL log_bin_compress=1; ${STATEMENT} INSERT INTO t VALUES (5, CONCAT('${MARKER}', REPEAT('x', 500))); SET GLOBAL log_bin_compress=0`,
  'a query of a function with effects': `${STATEMENT} DO f('${MARKER}')`,
  'two tables': `${STATEMENT} DELETE t, u FROM t LEFT JOIN u USING (a) WHERE t.b <> '${MARKER}'`,
  history: `${STATEMENT} CREATE TABLE v (a TEXT) WITH SYSTEM VERSIONING; INSERT INTO v VALUES ('${MARKER}'); DELETE HISTORY FROM v`,
};

/** What is logged in rows passes, in whatever wrapping. */
const ROWS: Readonly<Record<string, string>> = {
  mysql: `USE d; SET binlog_transaction_compression=1; INSERT INTO t VALUES (1, '${MARKER}'); SET binlog_transaction_compression=0;
    BEGIN; INSERT INTO t VALUES (2, 'b'); SAVEPOINT s; UPDATE t SET b = 'c' WHERE a = 2; ROLLBACK TO s; COMMIT;
    ALTER TABLE t ADD c INT; XA START 'x'; DELETE FROM t WHERE a = 2; XA END 'x'; XA PREPARE 'x'; XA COMMIT 'x'`,
  mariadb: `USE d; INSERT INTO t VALUES (1, '${MARKER}'); BEGIN; INSERT INTO t VALUES (2, 'b'); SAVEPOINT s;
    UPDATE t SET b = 'c' WHERE a = 2; ROLLBACK TO s; COMMIT; ALTER TABLE t ADD c INT;
    XA START 'x'; DELETE FROM t WHERE a = 2; XA END 'x'; XA PREPARE 'x'; XA COMMIT 'x'`,
};

const SERVERS = {
  mysql: {
    name: 'mysql97',
    args: [
      '--server-id=1',
      '--gtid-mode=ON',
      '--enforce-gtid-consistency=ON',
      '--log-bin=mysql-bin',
      '--secure-file-priv=',
    ],
    position: 'auto',
    reset: 'RESET BINARY LOGS AND GTIDS',
    parseGtid: parseMysqlGtid,
    // Under GTIDs a temporary table is logged in statement format only when it is made outside a transaction.
    kinds: KINDS,
    without: ['create from a query'],
  },
  mariadb: {
    name: 'mariadb118',
    args: ['--server-id=1', '--log-bin=mysql-bin', '--log-slave-updates=1', '--binlog-format=ROW'],
    position: 'slave_pos',
    reset: 'RESET MASTER',
    parseGtid: parseMariadbGtid,
    kinds: MARIADB_KINDS,
    without: [],
  },
} as const;

/** The tables that the statements are about. */
const TABLES = `DROP DATABASE IF EXISTS d; CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY, b TEXT);
  CREATE TABLE d.u (a INT PRIMARY KEY AUTO_INCREMENT, b TEXT); INSERT INTO d.t VALUES (1, 'i');
DELIMITER //
CREATE FUNCTION d.f(v TEXT) RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO d.u (b) VALUES (v); RETURN 1; END//
DELIMITER ;
`;

describe.each(['mysql', 'mariadb'] as const)('a row-only channel of %s', (flavor) => {
  const { name, args, position, reset, kinds, without, parseGtid } = SERVERS[flavor];

  test.skipIf(missingServers(name))(
    'lets rows through, and not a byte of anything else',
    async () => {
      await withServer(
        name,
        'violating',
        { args: [...args, '--log-bin-trust-function-creators=1'] },
        async (source) => {
          const file = join(folder, `${flavor}.load`);
          writeFileSync(file, `7\t${MARKER}\n`, { mode: 0o644 });
          await source.query("CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'");
          const outcomes: Record<string, string> = {};
          for (const [kind, sql] of Object.entries(kinds)) {
            if ((without as readonly string[]).includes(kind)) continue;
            await source.query(TABLES);
            await source.query(reset);
            await source.query(sql.replace("'FILE'", `'${file}'`));
            const data = join(folder, flavor, kind.replaceAll(' ', '-'));
            mkdirSync(data, { recursive: true });
            const relay = await openTestRelay(data, { flavor });
            const channel = await relay.streams.channels.configure(
              channelTo(source.port, { positioning: position, requireRowFormat: true }),
            );
            await channel.start({ receiver: true, applier: true });
            await until(
              () => channel.status().receiver.state === 'OFF',
              () => `${kind}: ${JSON.stringify(channel.status())}`,
            );
            const { lastError, violations } = channel.status().receiver;
            outcomes[kind] = `${lastError.number} ${violations}`;
            expect(lastError.message).toMatch(
              /REQUIRE_ROW_FORMAT was found\. Event .*mysql-bin\.000001, position \d+: /,
            );
            expect(lastError.message).not.toContain(MARKER);
            expect(String(relay.reports[0])).not.toContain(MARKER);
            expect(bytesIn(data).includes(MARKER)).toBe(false);
            await relay.close();
            expect(bytesIn(data).includes(MARKER)).toBe(false);
          }
          expect(new Set(Object.values(outcomes)), JSON.stringify(outcomes)).toEqual(new Set(['3944 1']));

          // The same channel takes rows; and without the rule, what it refused.
          await source.query(
            'DROP DATABASE IF EXISTS d; CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY, b TEXT)',
          );
          await source.query(reset);
          await source.query(ROWS[flavor]!);
          const relay = await openTestRelay(join(folder, flavor, 'rows'), { flavor });
          const strict = channelTo(source.port, { positioning: position, requireRowFormat: true });
          const channel = await relay.streams.channels.configure(strict);
          await channel.start({ receiver: true, applier: true });
          await untilApplied(channel, () => channel.status().applier.transactionsApplied >= 5);
          await source.query(KINDS['statement insert']!.replace('(3,', '(77,'));
          await until(
            () => channel.status().receiver.state === 'OFF',
            () => JSON.stringify(channel.status()),
          );
          await channel.stop({ receiver: true, applier: true });
          const lax = await relay.streams.channels.configure({ ...strict, requireRowFormat: false });
          const received = lax.status().receiver.transactionsReceived;
          await lax.start({ receiver: true, applier: false });
          await untilApplied(lax, () => lax.status().receiver.transactionsReceived > received);
          await lax.stop({ receiver: true, applier: false });
          // Switched on again, the applier refuses what was received before.
          const again = await relay.streams.channels.configure(strict);
          await again.start({ receiver: false, applier: true });
          await until(
            () => again.status().applier.state === 'OFF',
            () => JSON.stringify(again.status()),
          );
          expect(again.status().applier.lastError.number).toBe(3944);
          expect(again.status().applier.lastError.message).not.toContain(MARKER);
          // Passed over by its name, it stays away, and what comes behind it goes on.
          const [, named = ''] = /transaction '([^']+)'/.exec(again.status().applier.lastError.message) ?? [];
          const log = relay.streams.binaryLog;
          await log.executeEmpty(parseGtid(named));
          const { position: end } = log.end;
          await again.start({ receiver: true, applier: true });
          await source.query('INSERT INTO d.t (a) VALUES (78)');
          await untilApplied(again, () => log.end.position > end);
          await relay.close();
        },
      );
    },
    180_000,
  );
});
