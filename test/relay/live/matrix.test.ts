import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  missingServers,
  type RunningServer,
  runTool,
  SERVERS,
  type ServerName,
  withServer,
} from '../../servers/index.ts';
import { untilTrue } from '../../until-true.ts';
import { lastLine, logEnd, openStage, printedRow, type Stage } from './stage.ts';

/** How a server is started, and what it is asked. */
interface Kind {
  readonly server: ServerName;
  readonly args: readonly string[];
  readonly flavor: 'mysql' | 'mariadb';
  /** Where GTIDs are: the statement that shows what a server has. */
  readonly executed: string | undefined;
}

const MYSQL_GTID = ['--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--log-slave-updates=1'];

const KINDS = {
  'MySQL 9.7': {
    server: 'mysql97',
    args: MYSQL_GTID.slice(0, 2),
    flavor: 'mysql',
    executed: '@@global.gtid_executed',
  },
  'MySQL 5.6': { server: 'mysql56', args: MYSQL_GTID, flavor: 'mysql', executed: '@@global.gtid_executed' },
  'MySQL 5.6 without GTIDs': {
    server: 'mysql56',
    args: ['--log-slave-updates=1'],
    flavor: 'mysql',
    executed: undefined,
  },
  'MariaDB 10.5': {
    server: 'mariadb105',
    args: ['--log-slave-updates=1'],
    flavor: 'mariadb',
    executed: '@@global.gtid_binlog_pos',
  },
  'MariaDB 10.11': {
    server: 'mariadb1011',
    args: ['--log-slave-updates=1'],
    flavor: 'mariadb',
    executed: '@@global.gtid_binlog_pos',
  },
  'MariaDB 11.8': {
    server: 'mariadb118',
    args: ['--log-slave-updates=1'],
    flavor: 'mariadb',
    executed: '@@global.gtid_binlog_pos',
  },
} as const satisfies Record<string, Kind>;

type KindName = keyof typeof KINDS;

/** Source and replica behind the relay. Servers take what older ones write. */
const PAIRS: readonly (readonly [KindName, KindName])[] = [
  ['MySQL 5.6', 'MySQL 5.6'],
  ['MySQL 5.6', 'MySQL 9.7'],
  ['MySQL 5.6 without GTIDs', 'MySQL 5.6 without GTIDs'],
  ['MariaDB 10.5', 'MariaDB 10.11'],
  ['MariaDB 10.11', 'MariaDB 11.8'],
  ['MySQL 9.7', 'MySQL 9.7'],
  ['MariaDB 11.8', 'MariaDB 11.8'],
];

const USER: Readonly<Record<string, string>> = {
  mysql97: "CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'",
  mysql56:
    "DELETE FROM mysql.user WHERE user = ''; FLUSH PRIVILEGES; GRANT REPLICATION SLAVE ON *.* TO repl@'%'",
  mariadb105: "CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'",
  mariadb1011: "CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'",
  mariadb118: "CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'",
};

/** Work of all sorts: definitions, rows of all operations, savepoints, a long transaction, a new log. */
const work = (
  table: string,
): string => `CREATE TABLE d.${table} (a INT PRIMARY KEY AUTO_INCREMENT, b LONGTEXT, c DECIMAL(20,6), t TIMESTAMP NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
  INSERT INTO d.${table} (b, c, t) VALUES ('ä€😀', 1.5, '2024-02-29 12:00:00'), (NULL, -7.25, NULL);
  BEGIN; UPDATE d.${table} SET c = c + 1; SAVEPOINT s; DELETE FROM d.${table} WHERE a = 2; ROLLBACK TO s; INSERT INTO d.${table} (b) VALUES ('three'); COMMIT;
  INSERT INTO d.${table} (b) VALUES (REPEAT('long', 400000)); FLUSH LOGS; ALTER TABLE d.${table} ADD INDEX (c);
  INSERT INTO d.${table} (b) SELECT b FROM d.${table} WHERE a < 4; DELETE FROM d.${table} WHERE a = 1;`;

const START = { mysql: 'START REPLICA', mariadb: 'START SLAVE' } as const;

function relayChange(
  { flavor, executed }: Kind,
  port: number,
  at: { file: string; position: number },
): string {
  const words = flavor === 'mysql' ? 'SOURCE' : 'MASTER';
  const place =
    executed === undefined
      ? `SOURCE_LOG_FILE='${at.file}', SOURCE_LOG_POS=${at.position}, SOURCE_AUTO_POSITION=0`
      : flavor === 'mysql'
        ? 'SOURCE_AUTO_POSITION=1'
        : 'MASTER_USE_GTID=slave_pos';
  const head = flavor === 'mysql' ? 'CHANGE REPLICATION SOURCE TO' : 'CHANGE MASTER TO';
  const verify = flavor === 'mariadb' ? ', MASTER_SSL_VERIFY_SERVER_CERT=0' : '';
  return `${head} ${words}_HOST='127.0.0.1', ${words}_PORT=${port}, ${words}_USER='repl', ${words}_SSL=0, ${place}${verify}`;
}

/** What a replica of this kind is told to follow a port. */
function follow(
  { server, flavor, executed }: Kind,
  port: number,
  at: { file: string; position: number },
  password: string,
): string {
  if (server === 'mysql97') {
    return `STOP REPLICA; CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${port}, SOURCE_USER='repl', SOURCE_PASSWORD='${password}', SOURCE_SSL=0, GET_SOURCE_PUBLIC_KEY=1, SOURCE_AUTO_POSITION=1; START REPLICA`;
  }
  const place =
    executed === undefined
      ? `MASTER_LOG_FILE='${at.file}', MASTER_LOG_POS=${at.position}`
      : flavor === 'mysql'
        ? 'MASTER_AUTO_POSITION=1'
        : 'MASTER_USE_GTID=slave_pos';
  const verify = server === 'mariadb118' ? ', MASTER_SSL_VERIFY_SERVER_CERT=0' : '';
  return `STOP SLAVE; CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${port}, MASTER_USER='repl', MASTER_PASSWORD='${password}', MASTER_SSL=0${verify}, ${place}; START SLAVE`;
}

const statusSql = (server: ServerName): string =>
  server === 'mysql97' ? 'SHOW REPLICA STATUS' : 'SHOW SLAVE STATUS';

/** Waits until a replica has all that stands behind it, and no error. */
async function untilApplied(
  replica: RunningServer,
  kind: Kind,
  wanted: () => Promise<string>,
): Promise<void> {
  const want = await wanted();
  await untilTrue(
    async () => {
      const status = printedRow(await replica.query(statusSql(kind.server)));
      const error = `${status['Last_IO_Error']}${status['Last_SQL_Error']}`;
      if (error !== '') throw new Error(error);
      if (kind.executed !== undefined)
        return lastLine(await replica.query(`SELECT ${kind.executed}`)) === want;
      return `${status['Relay_Master_Log_File']}:${status['Exec_Master_Log_Pos']}` === want;
    },
    async () => [want, await replica.query(statusSql(kind.server))],
  );
}

/** What a log reader prints of a server's logs, without what says where in which file an event stands. */
async function printed(
  kind: Kind,
  port: number,
  user: string,
  password: string,
  args: readonly string[],
): Promise<string[]> {
  const { server, tool } = SERVERS[kind.server].binlogTool;
  const { stdout, stderr, exit } = await runTool(server, tool, [
    '--no-defaults',
    '--read-from-remote-server',
    '--host=127.0.0.1',
    '--protocol=tcp',
    `--port=${port}`,
    `--user=${user}`,
    `--password=${password}`,
    ...(tool === 'mysqlbinlog' ? ['--ssl-mode=DISABLED', '--get-server-public-key'] : ['--skip-ssl']),
    '--base64-output=decode-rows',
    '-vv',
    '--to-last-log',
    ...args,
  ]);
  expect(stderr.replace(/.*\[Warning\].*\n|.*WARNING.*\n/g, '')).toBe('');
  expect(exit).toBe(0);
  return comparable(stdout.toString());
}

async function printedFiles({ dataFolder }: RunningServer): Promise<string[]> {
  const files = readdirSync(dataFolder).filter((name) => /^mysql-bin\.\d+$/.test(name));
  const args = [
    '--no-defaults',
    '--base64-output=decode-rows',
    '-vv',
    ...files.sort().map((name) => join(dataFolder, name)),
  ];
  const { stdout, stderr } = await runTool('mysql97', 'mysqlbinlog', args);
  expect(stderr).not.toContain('ERROR');
  return comparable(stdout.toString());
}

/** Lines of a printed log without heads of files, positions, and what follows from them. */
function comparable(text: string): string[] {
  const events = text.split(/^# at \d+\n/m).slice(1);
  return events
    .filter(
      (event) =>
        !/\t(?:Start: binlog|Rotate to|Previous-GTIDs|Stop|Binlog checkpoint|Gtid list|Ignorable)|\[\]$|Previous-GTIDs|created \d{6}/.test(
          event.split('\n')[0]!,
        ),
    )
    .flatMap((event) => event.split('\n'))
    .map((line) =>
      line
        .replace(/end_log_pos \d+ (?:CRC32 0x[0-9a-f]{8})?/, 'end_log_pos')
        .replace(/(last_committed|sequence_number)=\d+/g, '$1')
        .replace(/(Position: |Log_pos: )\d+/, '$1'),
    )
    .filter(
      (line) =>
        !/^(?:DELIMITER|# End of log|ROLLBACK|\/\*!50003 SET COMPLETION|\/\*!50530)/.test(line) &&
        line !== '',
    );
}

describe.each(PAIRS)('%s, a relay, %s', (sourceName, replicaName) => {
  const source: Kind = KINDS[sourceName];
  const behind: Kind = KINDS[replicaName];

  test.skipIf(missingServers(source.server, behind.server, 'mariadb118', 'mysql97'))(
    'all that the source commits arrives, the log reads the same, and the replica may change between them',
    async () => {
      let stage: Stage | undefined;
      try {
        await withServer(
          source.server,
          'up',
          { args: ['--server-id=1', '--log-bin=mysql-bin', ...source.args] },
          async (up) => {
            await up.query(USER[source.server]!);
            await up.query(
              source.flavor === 'mysql' && source.server === 'mysql97'
                ? 'RESET BINARY LOGS AND GTIDS'
                : 'RESET MASTER',
            );
            const start = await logEnd(up);
            await up.query('CREATE DATABASE d');
            await up.query(work('first'));
            stage = await openStage({
              flavor: source.flavor,
              variables: source.executed === undefined ? { gtid_mode: 'OFF' } : {},
            });
            const { relay, root } = stage;
            await root.query("CREATE USER repl IDENTIFIED WITH mysql_native_password BY 'pw'");
            await root.query(
              `CREATE USER reader IDENTIFIED WITH ${source.flavor === 'mysql' ? 'caching_sha2_password' : 'mysql_native_password'} BY 'pw'`,
            );
            await root.query('GRANT REPLICATION SLAVE ON *.* TO repl, reader');
            await root.query(relayChange(source, up.port, start));
            await root.query(START[source.flavor]);
            const has = async (): Promise<boolean> => {
              const status = await stage!.status();
              const error = `${status['Last_IO_Error']}${status['Last_SQL_Error']}`;
              if (error !== '') throw new Error(error);
              // MariaDB adds checkpoints to its log when it likes, and a relay stands behind the last transaction.
              if (source.executed !== undefined)
                return (
                  (await root.value(`SELECT ${source.executed}`)) ===
                  lastLine(await up.query(`SELECT ${source.executed}`))
                );
              const { file, position } = await logEnd(up);
              return (
                status['Relay_Source_Log_File'] === file && Number(status['Exec_Source_Log_Pos']) === position
              );
            };
            await untilTrue(has, () => stage!.status());
            const wanted = async (): Promise<string> => {
              if (source.executed !== undefined) return lastLine(await up.query(`SELECT ${source.executed}`));
              const { File, Position } = await printedStatus(stage!);
              return `${File}:${Position}`;
            };
            const firstLog = relay.streams.binaryLog.files[0]!.name;
            await withServer(
              behind.server,
              'down',
              { args: ['--server-id=3', '--log-bin=mysql-bin', ...behind.args] },
              async (down) => {
                if (behind.server === 'mysql97') await down.query('RESET BINARY LOGS AND GTIDS');
                else await down.query('RESET MASTER');
                await down.query(follow(behind, relay.port, { file: firstLog, position: 4 }, 'pw'));
                await up.query(work('second'));
                await untilTrue(has, () => stage!.status());
                await untilApplied(down, behind, wanted);
                const checksum = 'CHECKSUM TABLE d.first, d.second';
                expect(await down.query(checksum)).toBe(await up.query(checksum));

                // mysqlbinlog 9.7 has no plugin to log in to a 5.6 with.
                const own =
                  source.server === 'mysql56'
                    ? await printedFiles(up)
                    : await printed(source, up.port, 'root', '', [start.file]);
                const ours = await printed(source, relay.port, 'reader', 'pw', [firstLog]);
                expect(own.length).toBeGreaterThan(100);
                expect(ours).toEqual(own);

                if (source.executed === undefined) return;
                await down.query(follow(behind, up.port, start, ''));
                await up.query("INSERT INTO d.first (b) VALUES ('from the source')");
                await untilApplied(down, behind, wanted);
                await down.query(follow(behind, relay.port, start, 'pw'));
                await up.query("INSERT INTO d.first (b) VALUES ('and back')");
                await untilApplied(down, behind, wanted);
                expect(await down.query(checksum)).toBe(await up.query(checksum));
              },
            );
          },
        );
      } finally {
        await stage?.wipe();
      }
    },
    120_000,
  );
});

async function printedStatus({ root }: Stage): Promise<{ File: string; Position: string }> {
  const { columns, rows } = await root.query('SHOW BINARY LOG STATUS');
  const at = (name: string): string =>
    rows[0]![columns.findIndex((column) => column.name === name)]!.toString();
  return { File: at('File'), Position: at('Position') };
}
