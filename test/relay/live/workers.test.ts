import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connect } from '../../../src/connection/index.ts';
import { missingServers, type RunningServer, startServer } from '../../servers/index.ts';
import { untilTrue } from '../../until-true.ts';
import { openStage, type Stage } from './stage.ts';

type Row = Readonly<Record<string, string>>;

const WORKERS = 'SELECT * FROM performance_schema.replication_applier_status_by_worker ORDER BY WORKER_ID';
const COORDINATOR = 'SELECT * FROM performance_schema.replication_applier_status_by_coordinator';
const TIMES = ['ORIGINAL_COMMIT_TIMESTAMP', 'IMMEDIATE_COMMIT_TIMESTAMP'];
const NEVER = '0000-00-00 00:00:00.000000';

/** The rows of a relay's channel into a server, and those of a replica with four workers beside it. */
describe.skipIf(missingServers('mysql97'))('workers and their coordinator', () => {
  let stage: Stage;
  let source: RunningServer;
  let replica: RunningServer;
  let target: RunningServer;

  beforeAll(async () => {
    const start = (name: string, id: number): Promise<RunningServer> =>
      startServer('mysql97', `${name}-${process.pid}`, {
        args: [
          `--server-id=${id}`,
          '--gtid-mode=ON',
          '--enforce-gtid-consistency=ON',
          '--innodb-lock-wait-timeout=1',
        ],
        env: { TZ: 'UTC' },
      });
    [source, replica, target] = await Promise.all([start('ws', 31), start('wr', 32), start('wt', 33)]);
    await source.query(
      "CREATE USER repl@'%' IDENTIFIED BY 'rp'; GRANT REPLICATION SLAVE, SELECT ON *.* TO repl@'%'",
    );
    await target.query("CREATE USER applier@'%' IDENTIFIED BY 'x'; GRANT ALL ON *.* TO applier@'%'");
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    for (const server of [source, replica, target]) await server.query('RESET BINARY LOGS AND GTIDS');
    stage = await openStage();
  }, 120_000);
  afterAll(async () => {
    await stage.wipe();
    await Promise.all([source, replica, target].map((server) => server.wipe()));
  }, 60_000);

  async function ours(sql: string): Promise<Row[]> {
    const { columns, rows } = await stage.root.query(sql);
    return rows.map((row) =>
      Object.fromEntries(columns.map(({ name }, index) => [name, row[index]?.toString() ?? 'NULL'])),
    );
  }
  async function theirs(sql: string): Promise<Row[]> {
    const [head = '', ...lines] = (await replica.query(sql)).split('\n').slice(0, -1);
    const names = head.split('\t');
    return lines.map((line) =>
      Object.fromEntries(line.split('\t').map((value, index) => [names[index]!, value])),
    );
  }

  /** What does not depend on which worker had which transaction, nor on the clock. */
  const ofWorkers = (rows: readonly Row[]): unknown[] =>
    rows
      .filter((row) => row['APPLYING_TRANSACTION'] !== '')
      .map((row) => [
        row['APPLYING_TRANSACTION'],
        ...TIMES.map((name) => row[`APPLYING_TRANSACTION_${name}`]),
        row['APPLYING_TRANSACTION_START_APPLY_TIMESTAMP'] === NEVER,
        Number(row['APPLYING_TRANSACTION_RETRIES_COUNT']) > 0,
        row['APPLYING_TRANSACTION_LAST_TRANSIENT_ERROR_NUMBER'],
        row['APPLYING_TRANSACTION_LAST_TRANSIENT_ERROR_MESSAGE'],
        row['APPLYING_TRANSACTION_LAST_TRANSIENT_ERROR_TIMESTAMP'] === NEVER,
        row['SERVICE_STATE'],
        row['THREAD_ID'] === 'NULL',
        row['LAST_ERROR_NUMBER'],
        /^Worker \d failed executing transaction '[^']*'/
          .exec(row['LAST_ERROR_MESSAGE']!)?.[0]
          .replace(/\d/, 'N'),
        row['LAST_ERROR_TIMESTAMP'] === NEVER,
      ])
      .sort((one, other) => String(one[0]).localeCompare(String(other[0])));
  /** The youngest transaction that any worker has done. */
  const lastApplied = (rows: readonly Row[]): unknown => {
    const number = (row: Row): number => Number(row['LAST_APPLIED_TRANSACTION']!.split(':')[1] ?? 0);
    const last = rows.toSorted((one, other) => number(other) - number(one))[0]!;
    return [
      last['LAST_APPLIED_TRANSACTION'],
      ...TIMES.map((name) => last[`LAST_APPLIED_TRANSACTION_${name}`]),
      last['LAST_APPLIED_TRANSACTION_END_APPLY_TIMESTAMP'] === NEVER,
    ];
  };
  const ofProcessed = (row: Row): unknown[] => [
    row['LAST_PROCESSED_TRANSACTION'],
    ...TIMES.map((name) => row[`LAST_PROCESSED_TRANSACTION_${name}`]),
    row['LAST_PROCESSED_TRANSACTION_END_BUFFER_TIMESTAMP'] === NEVER,
    row['PROCESSING_TRANSACTION'],
  ];
  const ofCoordinator = (rows: readonly Row[]): unknown[] =>
    rows.map((row) => [
      row['SERVICE_STATE'],
      row['THREAD_ID'] === 'NULL',
      row['LAST_ERROR_NUMBER'],
      row['LAST_ERROR_MESSAGE']!.replace(/Worker \d/, 'Worker N').replace(/ at source log.*?\. See/, '. See'),
      row['LAST_ERROR_TIMESTAMP'] === NEVER,
      // Whether a coordinator had given away what a worker failed at is chance, in the server too.
      ...(row['LAST_ERROR_NUMBER'] === '0' ? ofProcessed(row) : []),
    ]);

  /** Once something is so at both, they say the same of it. */
  async function same(
    what: string,
    isThere: (rows: readonly Row[]) => boolean,
    hasLast = true,
  ): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    for (const ask of [ours, theirs])
      await untilTrue(
        async () => isThere(await ask(WORKERS)),
        async () => [what, ask === ours ? 'ours' : 'theirs', await ask(WORKERS)],
      );
    await vi.waitFor(
      async () => {
        const [mine, other] = [await ours(WORKERS), await theirs(WORKERS)];
        expect([what, ofWorkers(mine)]).toEqual([what, ofWorkers(other)]);
        if (hasLast) expect([what, lastApplied(mine)]).toEqual([what, lastApplied(other)]);
        expect([what, ofCoordinator(await ours(COORDINATOR))]).toEqual([
          what,
          ofCoordinator(await theirs(COORDINATOR)),
        ]);
      },
      { timeout: 30_000, interval: 50 },
    );
  }

  /** Until both have all that the source has done. */
  async function received(): Promise<void> {
    const all = (await source.query('SELECT @@gtid_executed')).split('-').at(-1)!.trim();
    const status = 'SELECT * FROM performance_schema.replication_connection_status';
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    for (const ask of [ours, theirs])
      await untilTrue(
        async () => (await ask(status))[0]!['LAST_QUEUED_TRANSACTION']!.endsWith(`:${all}`),
        () => all,
      );
  }

  const has =
    (count: number) =>
    (rows: readonly Row[]): boolean =>
      rows.some((row) => row['LAST_APPLIED_TRANSACTION']!.endsWith(`:${count}`)) &&
      rows.every((row) => row['APPLYING_TRANSACTION'] === '');

  test('say what those of a real replica say, at every moment', { timeout: 120_000 }, async () => {
    const { root } = stage;
    const change = `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${source.port}, SOURCE_USER='repl', SOURCE_PASSWORD='rp', SOURCE_AUTO_POSITION=1, SOURCE_SSL=1`;
    const both = async (sql: string): Promise<void> => {
      await replica.query(sql);
      await root.query(sql);
    };
    await replica.query('SET GLOBAL replica_parallel_workers = 4');
    await both(change);
    await root.query(
      `CHANGE REPLICATION TARGET TO TARGET_URL = 'mysql://127.0.0.1:${target.port}', TARGET_USER = 'applier', TARGET_PASSWORD = 'x', TARGET_SSL_MODE = 'REQUIRED'`,
    );
    await same('not started', (rows) => rows.length === 1 && rows[0]!['WORKER_ID'] === '0');
    await both('START REPLICA');
    await same('nothing to do', (rows) => rows[0]!['SERVICE_STATE'] === 'ON');
    await source.query(
      'CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY, v INT); INSERT INTO d.t VALUES (1, 1); INSERT INTO d.t VALUES (2, 2)',
    );
    await same('applied', has(4));

    const hold = async (server: RunningServer): Promise<() => Promise<void>> => {
      const session = await connect({ socketPath: server.socket, host: 'localhost', user: 'root' });
      await session.query('BEGIN');
      await session.query('SELECT * FROM d.t WHERE id = 1 FOR UPDATE');
      return () => session.close();
    };
    const releases = await Promise.all([hold(replica), hold(target)]);
    // All of it is there before the first is waited for; a replica that has just started does not know yet what it may do at once.
    await root.query('STOP REPLICA SQL_THREAD');
    await source.query(
      'UPDATE d.t SET v = 3 WHERE id = 1; INSERT INTO d.t VALUES (3, 3); INSERT INTO d.t VALUES (4, 4)',
    );
    await received();
    await root.query('START REPLICA SQL_THREAD');
    const waits = (rows: readonly Row[]): boolean =>
      rows.filter((row) => row['APPLYING_TRANSACTION'] !== '').length === 3;
    // Sessions that have just begun have done nothing yet.
    await same('behind a lock', waits, false);
    const again = (rows: readonly Row[]): boolean =>
      rows.some((row) => Number(row['APPLYING_TRANSACTION_RETRIES_COUNT']) > 0);
    await same('behind a lock, again', again, false);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    for (const release of releases) await release();
    await same('got the lock', has(7));
    const retriedRow = async (ask: typeof ours): Promise<unknown[]> =>
      (await ask(WORKERS))
        .filter((row) => row['LAST_APPLIED_TRANSACTION']!.endsWith(':5'))
        .map((row) => [
          Number(row['LAST_APPLIED_TRANSACTION_RETRIES_COUNT']) > 0,
          row['LAST_APPLIED_TRANSACTION_LAST_TRANSIENT_ERROR_NUMBER'],
          row['LAST_APPLIED_TRANSACTION_LAST_TRANSIENT_ERROR_MESSAGE'],
        ]);
    expect(await retriedRow(ours)).toEqual(await retriedRow(theirs));
    expect((await retriedRow(ours)).length).toBe(1);

    await both('STOP REPLICA SQL_THREAD');
    const inTheWay = 'SET sql_log_bin = 0; INSERT INTO d.t VALUES (9, 9)';
    await Promise.all([replica.query(inTheWay), target.query(inTheWay)]);
    await source.query('INSERT INTO d.t VALUES (8, 8); INSERT INTO d.t VALUES (9, 1)');
    await received();
    await both('START REPLICA SQL_THREAD');
    await same('in conflict', (rows) => rows.some((row) => row['LAST_ERROR_NUMBER'] === '1062'));
    const out = 'SET sql_log_bin = 0; DELETE FROM d.t WHERE id = 9';
    await Promise.all([replica.query(out), target.query(out)]);
    await both('START REPLICA');
    await same('mended', has(9));

    // What the target has not is not in the relay's own log either, however much has been sent ahead.
    await both('STOP REPLICA SQL_THREAD');
    const gone = 'SET sql_log_bin = 0; DELETE FROM d.t WHERE id = 8';
    await Promise.all([replica.query(gone), target.query(gone)]);
    const rows = Array.from({ length: 40 }, (_, index) => `INSERT INTO d.t VALUES (${index + 100}, 1)`);
    await source.query(
      ['INSERT INTO d.t VALUES (10, 10)', 'UPDATE d.t SET v = 7 WHERE id = 8', ...rows].join('; '),
    );
    await received();
    await both('START REPLICA SQL_THREAD');
    const executed = async (ask: typeof ours): Promise<unknown> =>
      (await ask('SELECT @@gtid_executed AS executed'))[0]!['executed'];
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    for (const ask of [ours, theirs])
      await untilTrue(
        async () => (await ask(COORDINATOR)).every((row) => row['SERVICE_STATE'] === 'OFF'),
        () => ask(WORKERS),
      );
    expect([await executed(ours)]).toEqual([await executed(theirs)]);
    const back = 'SET sql_log_bin = 0; INSERT INTO d.t VALUES (8, 8)';
    await Promise.all([replica.query(back), target.query(back)]);
    await both('START REPLICA SQL_THREAD');
    await same('all of it', has(51));
    await both('STOP REPLICA');
    await same('stopped', (rows) => rows.every((row) => row['SERVICE_STATE'] === 'OFF'));
    expect((await ours(WORKERS)).map((row) => row['THREAD_ID'])).toEqual(
      (await ours(WORKERS)).map(() => 'NULL'),
    );
  });
});
