import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { connect } from '../../../src/connection/index.ts';
import { openSqlite } from '../../../src/store/index.ts';
import { missingServers, type RunningServer, startServer } from '../../servers/index.ts';
import { untilTrue } from '../../until-true.ts';
import { firstRow, lastLine, openStage, printedRow, type Stage } from './stage.ts';

const NAMES = ['one', 'two', 'three'] as const;

/** Channels of a relay whose rows go into tables, driven by SQL as a person does. */
describe.skipIf(missingServers('mysql97'))('channels with targets', () => {
  let stage: Stage;
  let sources: readonly RunningServer[];
  let behind: RunningServer;

  const start = (name: string): Promise<RunningServer> =>
    startServer('mysql97', `${name}-${process.pid}`, {
      args: [
        `--server-id=${10 + [...NAMES, 'behind'].indexOf(name)}`,
        '--gtid-mode=ON',
        '--enforce-gtid-consistency=ON',
      ],
      env: { TZ: 'UTC' },
    });

  beforeAll(async () => {
    [behind, ...sources] = (await Promise.all(['behind', ...NAMES].map(start))) as [
      RunningServer,
      ...RunningServer[],
    ];
    for (const source of sources) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await source.query(
        "CREATE USER repl@'%' IDENTIFIED BY 'rp'; GRANT REPLICATION SLAVE, SELECT ON *.* TO repl@'%'",
      );
    }
    await behind.query("CREATE USER applier@'%' IDENTIFIED BY 'x'; GRANT ALL ON *.* TO applier@'%'");
  }, 120_000);
  afterAll(() => Promise.all([behind, ...sources].map((server) => server.wipe())), 60_000);

  beforeEach(async () => {
    const schemas = [...NAMES, 'd', 'e', 'g', 'rowlock']
      .map((name) => `DROP DATABASE IF EXISTS ${name};`)
      .join(' ');
    for (const server of [behind, ...sources]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await server.query(`${schemas} RESET BINARY LOGS AND GTIDS`);
    }
    stage = await openStage();
  }, 60_000);
  afterEach(() => stage.wipe());

  const sqlite = "TARGET_URL = 'sqlite:tables'";
  const server = (): string =>
    `TARGET_URL = 'mysql://127.0.0.1:${behind.port}', TARGET_USER = 'applier', TARGET_PASSWORD = 'x', TARGET_SSL_MODE = 'REQUIRED'`;

  async function follow(index: number, target: string, more = ''): Promise<void> {
    const { root } = stage;
    const channel = `FOR CHANNEL '${NAMES[index]}'`;
    await root.query(
      `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${sources[index]!.port}, SOURCE_USER='repl', SOURCE_PASSWORD='rp', SOURCE_AUTO_POSITION=1, SOURCE_CONNECT_RETRY=1, SOURCE_SSL=1${more} ${channel}`,
    );
    if (target !== '') await root.query(`CHANGE REPLICATION TARGET TO ${target} ${channel}`);
  }
  const startChannel = (index: number, more = '') =>
    stage.root.query(`START REPLICA ${more} FOR CHANNEL '${NAMES[index]}'`);

  const status = (index: number) => stage.status(NAMES[index]);
  const gtids = async (index: number): Promise<string> =>
    lastLine(await sources[index]!.query('SELECT @@gtid_executed')).replaceAll('\\n', '');
  async function caughtUp(index: number): Promise<void> {
    const uuid = (await gtids(index)).slice(0, 36);
    const wanted = await gtids(index);
    await untilTrue(
      async () => {
        const row = await status(index);
        if (row['Last_SQL_Errno'] !== '0') throw new Error(row['Last_SQL_Error']);
        return row['Executed_Gtid_Set']!.replaceAll('\n', '')
          .split(',')
          .some((set) => set.startsWith(uuid) && set === wanted);
      },
      () => status(index),
    );
  }
  async function stopped(index: number): Promise<Readonly<Record<string, string>>> {
    await untilTrue(
      async () => (await status(index))['Replica_SQL_Running'] === 'No',
      () => status(index),
    );
    return status(index);
  }
  async function kept(schema: string, sql: string): Promise<unknown[][]> {
    const database = await openSqlite(join(stage.relay.folder, 'tables', `${schema}.sqlite`));
    try {
      return database
        .prepare(sql)
        .all()
        .map((row) => Object.values(row));
    } finally {
      database.close();
    }
  }
  const there = async (sql: string): Promise<string[]> =>
    (await behind.query(sql)).trim().split('\n').slice(1);
  const worker = (index: number) =>
    firstRow(
      stage.root,
      `SELECT * FROM performance_schema.replication_applier_status_by_worker WHERE CHANNEL_NAME = '${NAMES[index]}'`,
    );

  for (const kind of ['SQLite', 'MySQL'] as const) {
    const target = (): string => (kind === 'SQLite' ? sqlite : server());
    const count = async (schema: string, table: string): Promise<number> =>
      Number(
        kind === 'SQLite'
          ? (await kept(schema, `SELECT count(*) FROM ${table}`))[0]![0]
          : (await there(`SELECT COUNT(*) FROM ${schema}.${table}`))[0],
      );

    test(`three sources, an account that may write two schemas: the third is refused (${kind})`, async () => {
      const { root } = stage;
      await root.query("CREATE USER 'applier'@'localhost'");
      await root.query("GRANT REPLICATION_APPLIER ON *.* TO 'applier'@'localhost'");
      for (const name of NAMES.slice(0, 2))
        await root.query(
          `GRANT CREATE, ALTER, DROP, INSERT, UPDATE, DELETE ON ${name}.* TO 'applier'@'localhost'`,
        );
      for (const [index, name] of NAMES.entries()) {
        await sources[index]!.query(
          `CREATE DATABASE ${name}; CREATE TABLE ${name}.t (id INT PRIMARY KEY, s VARCHAR(9)); INSERT INTO ${name}.t VALUES (1, 'geheim')`,
        );
        await follow(index, target(), ", PRIVILEGE_CHECKS_USER='applier'@'localhost', REQUIRE_ROW_FORMAT=1");
        await startChannel(index);
      }
      const refused = await stopped(2);
      expect([refused['Last_SQL_Errno'], refused['Last_SQL_Error']]).toEqual([
        '1044',
        expect.stringMatching(
          /^Worker 1 failed executing transaction '\S+:1' at source log \S+, end_log_pos \d+; Error 'Access denied for user 'applier'@'localhost' to database 'three'' on query\./,
        ),
      ]);
      await caughtUp(0);
      await caughtUp(1);
      for (const [index, name] of NAMES.slice(0, 2).entries()) {
        await sources[index]!.query(`INSERT INTO ${name}.t VALUES (2, 'more')`);
        await caughtUp(index);
        expect(await count(name, 't')).toBe(2);
      }
      // Where the schema is there, it is the rows that are refused.
      await root.query("GRANT CREATE ON three.* TO 'applier'@'localhost'");
      await startChannel(2);
      const rows = await stopped(2);
      expect([rows['Last_SQL_Errno'], rows['Last_SQL_Error']]).toEqual([
        '1142',
        expect.stringContaining("INSERT command denied to user 'applier'@'localhost' for table 't'"),
      ]);
      expect(rows['Last_SQL_Error']).not.toContain('geheim');
      expect(await count('three', 't')).toBe(0);
      const shown = await worker(2);
      expect([shown['SERVICE_STATE'], shown['LAST_ERROR_NUMBER'], shown['LAST_ERROR_MESSAGE']]).toEqual([
        'OFF',
        '1142',
        rows['Last_SQL_Error'],
      ]);
      await root.query("GRANT INSERT ON three.* TO 'applier'@'localhost'");
      await startChannel(2);
      await caughtUp(2);
      expect(await count('three', 't')).toBe(1);
    });

    test(`a delay, a place to end, filters and another name hold (${kind})`, async () => {
      const { root } = stage;
      const [source] = sources as [RunningServer];
      const delay = async (seconds: number): Promise<void> => {
        await root.query("STOP REPLICA SQL_THREAD FOR CHANNEL 'one'");
        await root.query(`CHANGE REPLICATION SOURCE TO SOURCE_DELAY = ${seconds} FOR CHANNEL 'one'`);
        await root.query("START REPLICA SQL_THREAD FOR CHANNEL 'one'");
      };
      await source.query(
        'CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY); CREATE TABLE d.u (id INT PRIMARY KEY); INSERT INTO d.t VALUES (1); INSERT INTO d.u VALUES (1)',
      );
      await follow(0, target(), ', SOURCE_DELAY=2');
      await root.query(
        "CHANGE REPLICATION FILTER REPLICATE_IGNORE_TABLE = (e.u), REPLICATE_WILD_IGNORE_TABLE = ('g.%'), REPLICATE_REWRITE_DB = ((d, e)) FOR CHANNEL 'one'",
      );
      const uuid = (await gtids(0)).slice(0, 36);
      await startChannel(0, `UNTIL SQL_AFTER_GTIDS = '${uuid}:1-4'`);
      await stopped(0);
      expect((await status(0))['Executed_Gtid_Set']).toBe(`${uuid}:1-4`);
      expect(await count('e', 't')).toBe(1);
      await startChannel(0);
      await caughtUp(0);
      await delay(3600);
      await source.query(
        'INSERT INTO d.t VALUES (2); INSERT INTO d.u VALUES (2); CREATE TABLE d.copy (PRIMARY KEY (id)) SELECT id FROM d.t; CREATE DATABASE g; USE g; CREATE INDEX i ON d.copy (id); CREATE TABLE v (a INT); CREATE TRIGGER w BEFORE INSERT ON v FOR EACH ROW SET @a = 1; DROP TRIGGER w; DROP TRIGGER IF EXISTS w',
      );
      await untilTrue(
        async () =>
          (await status(0))['SQL_Remaining_Delay'] !== 'NULL' &&
          (await status(0))['SQL_Remaining_Delay'] !== '',
        () => status(0),
      );
      expect(await count('e', 't')).toBe(1);
      const waiting = await status(0);
      expect(waiting['Replica_SQL_Running_State']).toBe(
        'Waiting until SOURCE_DELAY seconds after source executed event',
      );
      await delay(1);
      await caughtUp(0);
      expect(await count('e', 't')).toBe(2);
      expect(await count('e', 'copy')).toBe(2);
      const left =
        kind === 'SQLite'
          ? await kept('e', "SELECT name FROM sqlite_schema WHERE name = 'u'")
          : await there("SHOW TABLES FROM e LIKE 'u'");
      expect(left).toEqual([]);
    });

    test(`tables without a key are refused, or get one (${kind})`, async () => {
      const { root } = stage;
      const [source] = sources as [RunningServer];
      await source.query(
        'CREATE DATABASE d; CREATE TABLE d.k (id INT NOT NULL UNIQUE); CREATE TABLE d.t (a INT, b INT); INSERT INTO d.t VALUES (1, 1), (2, 2), (2, 2)',
      );
      await follow(0, target(), ', REQUIRE_TABLE_PRIMARY_KEY_CHECK=ON');
      await startChannel(0);
      const refused = await stopped(0);
      expect([refused['Last_SQL_Errno'], refused['Last_SQL_Error']]).toEqual([
        '3750',
        expect.stringContaining(
          "Unable to create or change a table without a primary key, when the system variable 'sql_require_primary_key' is set.",
        ),
      ]);
      await root.query(
        "CHANGE REPLICATION SOURCE TO REQUIRE_TABLE_PRIMARY_KEY_CHECK=GENERATE FOR CHANNEL 'one'",
      );
      await startChannel(0);
      await caughtUp(0);
      await source.query(
        'UPDATE d.t SET b = 9 WHERE a = 1; DELETE FROM d.t WHERE a = 2 LIMIT 1; ALTER TABLE d.t ADD c INT DEFAULT 7; INSERT INTO d.t VALUES (3, 3, 3)',
      );
      await caughtUp(0);
      const sql = 'SELECT my_row_id, a, b, c FROM d.t ORDER BY my_row_id';
      const rows =
        kind === 'SQLite'
          ? (await kept('d', sql.replace('d.t', 't'))).map((row) => row.join('\t'))
          : await there(sql);
      expect(rows).toEqual(['1\t1\t9\t7', '3\t2\t2\t7', '4\t3\t3\t3']);
      await root.query("STOP REPLICA FOR CHANNEL 'one'");
      await root.query("CHANGE REPLICATION SOURCE TO REQUIRE_TABLE_PRIMARY_KEY_CHECK=OFF FOR CHANNEL 'one'");
      await startChannel(0);
      await source.query('CREATE TABLE d.v (a INT); INSERT INTO d.v VALUES (1)');
      await caughtUp(0);
      expect(await count('d', 'v')).toBe(1);
      // A statement that leaves a table without its key, and one that changes a table without.
      await root.query("STOP REPLICA FOR CHANNEL 'one'");
      await root.query("CHANGE REPLICATION SOURCE TO REQUIRE_TABLE_PRIMARY_KEY_CHECK=ON FOR CHANNEL 'one'");
      await startChannel(0);
      await source.query('ALTER TABLE d.v ADD z INT');
      expect((await stopped(0))['Last_SQL_Errno']).toBe('3750');
    });
  }

  test('a relay without a target refuses what a statement says, and makes no keys', async () => {
    const { root } = stage;
    const [source] = sources as [RunningServer];
    await source.query(
      'CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY); INSERT INTO d.t VALUES (1); ALTER TABLE d.t DROP PRIMARY KEY',
    );
    await follow(0, '', ', REQUIRE_TABLE_PRIMARY_KEY_CHECK=GENERATE');
    await startChannel(0);
    expect([(await stopped(0))['Last_SQL_Errno'], (await status(0))['Last_SQL_Error']]).toEqual([
      '1235',
      expect.stringContaining('needs a target'),
    ]);
    await root.query("CHANGE REPLICATION SOURCE TO REQUIRE_TABLE_PRIMARY_KEY_CHECK=ON FOR CHANNEL 'one'");
    await startChannel(0);
    const refused = await stopped(0);
    expect([refused['Last_SQL_Errno'], refused['Last_SQL_Error']]).toEqual([
      '3750',
      expect.stringMatching(
        /^Worker 1 failed executing transaction '\S+:4' at source log \S+, end_log_pos \d+; Error 'Unable to create or change a table without a primary key.* on query\.$/s,
      ),
    ]);
    expect(refused['Executed_Gtid_Set']).toMatch(/:1-3$/);
  });

  test('the status says what a real replica says, at every moment', async () => {
    const { root } = stage;
    const [source, , replica] = sources as [RunningServer, RunningServer, RunningServer];
    await source.query(
      "CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY, s VARCHAR(9)); INSERT INTO d.t VALUES (1, 'a')",
    );
    const CHANGE = `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${source.port}, SOURCE_USER='repl', SOURCE_PASSWORD='rp', SOURCE_AUTO_POSITION=1, SOURCE_SSL=1`;
    await replica.query(`SET GLOBAL replica_parallel_workers = 1; ${CHANGE}; START REPLICA`);
    await follow(0, sqlite);
    await startChannel(0);
    const theirs = async (sql: string) => printedRow(await replica.query(sql));
    const ours = (sql: string) =>
      firstRow(
        root,
        `${sql}${sql.startsWith('SHOW') ? " FOR CHANNEL 'one'" : " WHERE CHANNEL_NAME = 'one'"}`,
      );
    const SHOW = 'SHOW REPLICA STATUS';
    const TABLES = ['connection_status', 'applier_status', 'applier_status_by_worker'];
    /** What tells of threads, relay logs and clocks of their own. */
    const OWN =
      /^(Channel_Name|CHANNEL_NAME|Relay_Log|Replica_IO_State$|Connect_Retry|Source_SSL|Last_SQL_Error$|Last_Error$|Last_SQL_Error_Timestamp|Seconds_Behind|Source_Info_File|Get_Source|Source_User|SQL_Remaining_Delay|REMAINING_DELAY|THREAD_ID|WORKER_ID|.*HEARTBEAT.*|GROUP_NAME|LAST_ERROR_MESSAGE|LAST_ERROR_TIMESTAMP|.*(START|END)_(QUEUE|APPLY)_TIMESTAMP|.*_RETRIES_COUNT|.*TRANSIENT.*|COUNT_TRANS.*)/;
    const comparable = (row: Readonly<Record<string, string>>): Record<string, string> =>
      Object.fromEntries(
        Object.entries(row)
          .filter(([name]) => !OWN.test(name))
          .map(([name, value]) => [name, value.replaceAll(/\\n|\n/g, '')]),
      );
    async function same(
      isThere: (row: Readonly<Record<string, string>>) => boolean,
      but = '',
    ): Promise<void> {
      await untilTrue(
        async () => isThere(await ours(SHOW)),
        () => ours(SHOW),
      );
      await untilTrue(
        async () => isThere(await theirs(SHOW)),
        () => theirs(SHOW),
      );
      // A replica with workers writes down where it is three times a second.
      const compare = async (): Promise<void> => {
        const [one, other] = [comparable(await ours(SHOW)), comparable(await theirs(SHOW))];
        expect({ ...one, [but]: '' }).toEqual({ ...other, [but]: '' });
        for (const table of TABLES) {
          const sql = `SELECT * FROM performance_schema.replication_${table}`;
          expect([table, comparable(await ours(sql))]).toEqual([table, comparable(await theirs(sql))]);
        }
      };
      await vi.waitFor(compare, { timeout: 60_000, interval: 100 });
    }
    const both = async (sql: string, named = true): Promise<void> => {
      await replica.query(sql);
      await root.query(named ? `${sql} FOR CHANNEL 'one'` : sql);
    };
    const has =
      (count: number) =>
      (row: Readonly<Record<string, string>>): boolean =>
        row['Executed_Gtid_Set']!.endsWith(`:1-${count}`) &&
        row['Replica_SQL_Running_State']!.startsWith('Replica has read all');
    await same(has(3));
    const applied = await worker(0);
    const times = ['ORIGINAL_COMMIT', 'IMMEDIATE_COMMIT', 'START_APPLY', 'END_APPLY'].map(
      (name) => applied[`LAST_APPLIED_TRANSACTION_${name}_TIMESTAMP`]!,
    );
    expect(times.toSorted()).toEqual(times);
    // A transaction that waits is not being applied.
    await both('STOP REPLICA SQL_THREAD');
    await both('CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 3600');
    await both('START REPLICA SQL_THREAD');
    await source.query("INSERT INTO d.t VALUES (2, 'b')");
    const waits = (row: Readonly<Record<string, string>>): boolean => Number(row['SQL_Remaining_Delay']) > 0;
    await untilTrue(
      async () => waits(await ours(SHOW)),
      () => ours(SHOW),
    );
    expect(
      Number((await ours('SELECT * FROM performance_schema.replication_applier_status'))['REMAINING_DELAY']),
    ).toBeGreaterThan(0);
    expect((await worker(0))['APPLYING_TRANSACTION']).toBe('');
    await both('STOP REPLICA SQL_THREAD');
    await both('CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 0');
    await both('START REPLICA SQL_THREAD');
    await same(has(4));
    // The one that fails is shown with when it began; those before it count.
    await replica.query("SET sql_log_bin = 0; INSERT INTO d.t VALUES (4, 'x')");
    const database = await openSqlite(join(stage.relay.folder, 'tables', 'd.sqlite'));
    database.exec("INSERT INTO t VALUES (4, 'x')");
    await source.query(
      "INSERT INTO d.t VALUES (3, 'c'); INSERT INTO d.t VALUES (4, 'd'); INSERT INTO d.t VALUES (5, 'e')",
    );
    // A replica with workers stands where it last wrote that down.
    await same((row) => row['Replica_SQL_Running'] === 'No', 'Exec_Source_Log_Pos');
    const failed = await worker(0);
    expect(failed['APPLYING_TRANSACTION']).toMatch(/:6$/);
    expect(failed['LAST_APPLIED_TRANSACTION']).toMatch(/:5$/);
    expect(failed['APPLYING_TRANSACTION_START_APPLY_TIMESTAMP']).toMatch(/^20/);
    expect(failed['LAST_ERROR_TIMESTAMP']).toMatch(/^20/);
    database.exec('DELETE FROM t WHERE id = 4');
    database.close();
    await replica.query('SET sql_log_bin = 0; DELETE FROM d.t WHERE id = 4');
    await both('START REPLICA SQL_THREAD');
    await same(has(7));
    await both('STOP REPLICA');
    await same((row) => row['Replica_SQL_Running'] === 'No' && row['Replica_IO_Running'] === 'No');
    await replica.query('RESET REPLICA ALL');
  });

  test('transactions that lost a lock are counted', async () => {
    const [source] = sources as [RunningServer];
    await source.query(
      "CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY, s VARCHAR(9)); INSERT INTO d.t VALUES (1, 'a')",
    );
    await behind.query('SET GLOBAL innodb_lock_wait_timeout = 1');
    await follow(0, server());
    await startChannel(0);
    await caughtUp(0);
    const holder = await connect({ socketPath: behind.socket, host: 'localhost', user: 'root' });
    const retries = async (): Promise<number> =>
      Number(
        (await firstRow(stage.root, 'SELECT * FROM performance_schema.replication_applier_status'))[
          'COUNT_TRANSACTIONS_RETRIES'
        ],
      );
    try {
      await holder.query('BEGIN');
      await holder.query("UPDATE d.t SET s = 'mine' WHERE id = 1");
      await source.query("UPDATE d.t SET s = 'b'");
      await untilTrue(
        async () => (await retries()) > 0,
        () => status(0),
      );
    } finally {
      await holder.close();
      await behind.query('SET GLOBAL innodb_lock_wait_timeout = DEFAULT');
    }
    await caughtUp(0);
    expect(await there('SELECT s FROM d.t')).toEqual(['b']);
    const counted = await retries();
    expect(await worker(0)).toMatchObject({
      LAST_APPLIED_TRANSACTION_RETRIES_COUNT: String(counted),
      LAST_APPLIED_TRANSACTION_LAST_TRANSIENT_ERROR_NUMBER: '1205',
      LAST_APPLIED_TRANSACTION_LAST_TRANSIENT_ERROR_MESSAGE:
        'Lock wait timeout exceeded; try restarting transaction',
      LAST_APPLIED_TRANSACTION_LAST_TRANSIENT_ERROR_TIMESTAMP: expect.stringMatching(/^20/),
      APPLYING_TRANSACTION_RETRIES_COUNT: '0',
    });
    await stage.root.query("STOP REPLICA FOR CHANNEL 'one'");
    expect(await retries()).toBe(counted);
  });

  for (const [order, delay] of [
    ['ON', 0],
    ['OFF', 1],
  ] as const)
    test(`what needs no lock is applied while somebody holds one that another needs (replica_preserve_commit_order = ${order}, SOURCE_DELAY = ${delay})`, async () => {
      const { root } = stage;
      const [source] = sources as [RunningServer];
      const write = (table: string) => `UPDATE d.${table} SET s = 'b' WHERE id = 1`;
      await source.query(
        "CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY, s VARCHAR(9)); CREATE TABLE d.u LIKE d.t; INSERT INTO d.t VALUES (1, 'a'); INSERT INTO d.u VALUES (1, 'a')",
      );
      await root.query(`SET GLOBAL replica_preserve_commit_order = ${order}`);
      await follow(0, server(), `, SOURCE_DELAY = ${delay}`);
      await startChannel(0);
      await caughtUp(0);
      const ask = (table: string): Promise<Record<string, string>> =>
        firstRow(root, `SELECT * FROM performance_schema.replication_applier_status_by_${table}`);
      const has = async (column: string, number: number): Promise<boolean> =>
        (await ask(`worker WHERE ${column} LIKE '%:${number}'`))[column] !== '';
      const recordLocks = async (table: string): Promise<number> =>
        Number(
          (
            await there(
              `SELECT COUNT(*) FROM performance_schema.data_locks WHERE LOCK_TYPE = 'RECORD' AND OBJECT_NAME = '${table}'`,
            )
          )[0],
        );

      const holder = await connect({ socketPath: behind.socket, host: 'localhost', user: 'root' });
      try {
        await holder.query('BEGIN');
        await holder.query('SELECT * FROM d.t WHERE id = 1 FOR UPDATE');
        await source.query(write('t'));
        // That of the holder, and that of the one who waits: all that was there has been read.
        await untilTrue(
          async () => (await recordLocks('t')) === 2,
          () => ask('worker'),
        );
        await source.query(write('u'));
        const column = order === 'ON' ? 'APPLYING_TRANSACTION' : 'LAST_APPLIED_TRANSACTION';
        await untilTrue(
          async () => (await has(column, 7)) && (await has('APPLYING_TRANSACTION', 6)),
          () => ask('worker'),
        );
        if (order === 'ON')
          await untilTrue(
            async () => (await recordLocks('u')) > 0,
            () => ask('worker'),
          );
        expect(await there('SELECT s FROM d.u')).toEqual([order === 'ON' ? 'a' : 'b']);
        expect((await ask('coordinator'))['LAST_PROCESSED_TRANSACTION']).toMatch(/:7$/);
        // The binary log has what the target has, in the order of the source.
        expect((await status(0))['Executed_Gtid_Set']).toMatch(/:1-5$/);
      } finally {
        await holder.close();
      }
      await caughtUp(0);
      expect(await there('SELECT t.s, u.s FROM d.t, d.u')).toEqual(['b\tb']);
      await untilTrue(
        async () => (await status(0))['Seconds_Behind_Source'] === '0',
        () => status(0),
      );
    });

  test('rows in conflict are counted, and shown by their key', async () => {
    const [source] = sources as [RunningServer];
    await source.query(
      "CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY, s VARCHAR(9)); INSERT INTO d.t VALUES (1, 'a'), (2, 'b')",
    );
    await follow(0, `${sqlite}, TARGET_ON_CONFLICT = 'overwrite'`);
    await startChannel(0);
    await caughtUp(0);
    const database = await openSqlite(join(stage.relay.folder, 'tables', 'd.sqlite'));
    database.exec('DELETE FROM t');
    database.close();
    await source.query("UPDATE d.t SET s = 'geheim'; DELETE FROM d.t WHERE id = 1");
    await caughtUp(0);
    const shown = await firstRow(stage.root, 'SELECT * FROM performance_schema.replication_applier_target');
    expect(shown).toMatchObject({
      ON_CONFLICT: 'overwrite',
      COUNT_CONFLICTS: '2',
      LAST_CONFLICT_NUMBER: '1032',
      LAST_CONFLICT_MESSAGE: "Can't find record in 't' (id=2)",
      LAST_CONFLICT_TIMESTAMP: expect.stringMatching(/^20\d\d-/),
    });
    expect(await kept('d', 'SELECT * FROM t')).toEqual([[2, 'geheim']]);
  });
});
