import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ConnectionOptions,
  connect,
  openLog,
  type RowChange,
  type Stream,
  type StreamChange,
  type StreamOptions,
  type StreamPosition,
  stream,
} from '../../src/index.ts';
import { SourceTables } from '../../src/target/index.ts';
import { FaultyProxy, type NetworkFault } from '../network/faulty-proxy.ts';
import {
  missingServers,
  type RunningServer,
  type ServerName,
  startServer,
  sweepInstances,
} from '../servers/index.ts';

const ROOT_FROM_TCP = "CREATE USER root@'%'; GRANT ALL ON *.* TO root@'%'; FLUSH PRIVILEGES";
const COLUMNS = ['id', 'name', 'amount', 'placed', 'size'];
const TABLE = `CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(200), amount DECIMAL(10,2),
  placed DATETIME, size ENUM('s','m','l')) CHARACTER SET utf8`;

/** A change as it stands in the log, without what a stream adds and with text as text. */
function plain({
  schema,
  table,
  operation,
  before,
  after,
  position,
  gtid,
  timestamp,
  serverId,
}: RowChange): object {
  const row = (values: typeof before): object | undefined =>
    values && Object.fromEntries(Object.entries(values).map(([name, value]) => [name, textOf(value)]));
  return {
    schema,
    table,
    operation,
    before: row(before),
    after: row(after),
    position,
    gtid,
    timestamp,
    serverId,
  };
}

const textOf = (value: unknown): unknown => (Buffer.isBuffer(value) ? value.toString() : value);

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** The changes in the server's own files. */
async function changesInFiles({ dataFolder }: RunningServer): Promise<object[]> {
  const files = readdirSync(dataFolder)
    .filter((name) => /^mysql-bin\.\d+$/.test(name))
    .sort();
  const changes: object[] = [];
  for (const file of files) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const log = await openLog(join(dataFolder, file));
    const columnNames = (): readonly string[] => COLUMNS;
    const tables = (schema: string): boolean => schema === 'd';
    for (const change of log.changes({ columnNames, tables })) {
      // The log of a server without row metadata has numbers for members.
      for (const row of [change.before, change.after]) {
        if (typeof row?.['size'] === 'number') row['size'] = 'sml'[row['size'] - 1]!;
      }
      changes.push(plain(change));
    }
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await log.close();
  }
  return changes;
}

const tables = (schema: string): boolean => schema === 'd';

interface Case {
  readonly name: ServerName;
  readonly tls: boolean;
  readonly args: readonly string[];
}

const cases: readonly Case[] = [
  { name: 'mysql97', tls: true, args: [] },
  { name: 'mysql97', tls: true, args: ['--binlog-transaction-compression=ON', '--binlog-row-metadata=FULL'] },
  { name: 'mysql56', tls: false, args: [] },
  { name: 'mariadb1011', tls: false, args: [] },
  { name: 'mariadb118', tls: true, args: [] },
  { name: 'mariadb118', tls: true, args: ['--log-bin-compress=1', '--binlog-row-metadata=FULL'] },
];

describe.each(cases)('$name $args', ({ name, tls, args }) => {
  const missing = missingServers(name);
  let server: RunningServer;
  let proxy: FaultyProxy;
  let connection: ConnectionOptions;
  let through: ConnectionOptions;

  beforeAll(async () => {
    if (missing !== undefined) return;
    await sweepInstances();
    server = await startServer(name, `streams-${process.pid}`, { args });
    await server.query(`${ROOT_FROM_TCP}; CREATE DATABASE d; ${TABLE}`);
    proxy = await FaultyProxy.before(server.port);
    const sslMode = tls ? 'REQUIRED' : 'DISABLED';
    connection = { host: '127.0.0.1', port: server.port, user: 'root', ssl: { sslMode } };
    through = { ...connection, port: proxy.port };
    await work(30);
  }, 180_000);

  afterAll(async () => {
    await proxy?.close();
    await server?.wipe();
  });

  /** Transactions of many sizes, definitions and new files between them. */
  async function work(rounds: number): Promise<void> {
    const statements: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const text = `${'ä'.repeat((round * 7) % 90)}${round}`;
      const rows = Array.from(
        { length: 1 + ((round * 13) % 40) },
        (_, row) => `('${text}', ${row}.25, '2026-01-01 10:00:00', 'm')`,
      );
      statements.push('BEGIN', `INSERT INTO d.t (name, amount, placed, size) VALUES ${rows.join(',')}`);
      if (round % 3 === 0) statements.push(`UPDATE d.t SET amount = amount + 1 WHERE name = '${text}'`);
      if (round % 4 === 0) statements.push(`DELETE FROM d.t WHERE name = '${text}' AND id % 2 = 0`);
      statements.push('COMMIT');
      if (round % 10 === 5) statements.push('FLUSH LOGS');
      if (round % 10 === 7) statements.push(`CREATE TABLE d.x${round} (a INT)`, `DROP TABLE d.x${round}`);
    }
    await server.query(statements.join(';\n'));
  }

  async function read(options: Partial<StreamOptions> & { readonly by?: ConnectionOptions }): Promise<{
    changes: object[];
    positions: StreamPosition[];
  }> {
    const { by = connection, ...rest } = options;
    const changes: object[] = [];
    const positions: StreamPosition[] = [];
    const reading = stream({ ...by, start: 'beginning', stopAtEnd: true, ...rest });
    for await (const change of reading.changes({ tables })) {
      changes.push(plain(change));
      if (changes.length % 37 === 0) positions.push(change.resumeAt);
    }
    return { changes, positions };
  }

  describe.skipIf(missing)('follows the log', () => {
    test('and gives what stands in the server’s own files', async () => {
      const { changes } = await read({});
      expect(changes.length).toBeGreaterThan(500);
      expect(changes).toEqual(await changesInFiles(server));
    });

    test('from every stored position, in the middle of transactions too', async () => {
      const { changes, positions } = await read({});
      expect(positions.length).toBeGreaterThan(10);
      for (const [index, position] of positions.entries()) {
        const start = JSON.parse(JSON.stringify(position)) as StreamPosition;
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const rest = await read({ start });
        expect(rest.changes).toEqual(changes.slice(37 * (index + 1)));
      }
    });

    test('by transaction, with its statements', async () => {
      const { changes } = await read({});
      const seen: object[] = [];
      const statements: string[] = [];
      const reading = stream({ ...connection, start: 'beginning', stopAtEnd: true });
      for await (const transaction of reading.transactions({ tables })) {
        seen.push(...transaction.changes.map(plain));
        statements.push(...transaction.statements.map(({ statement }) => statement));
        expect(new Set(transaction.changes.map(({ gtid }) => gtid)).size).toBeLessThanOrEqual(1);
        expect(transaction.endPosition).toBeGreaterThan(transaction.position);
      }
      expect(seen).toEqual(changes);
      expect(statements.filter((statement) => statement.startsWith('CREATE TABLE d.x')).length).toBe(3);
      expect(statements.some((statement) => /^(BEGIN|COMMIT)/.test(statement))).toBe(false);
    });

    test('with statements in the character set of whoever sent them', async () => {
      const reading = stream({ ...connection, start: 'now' });
      await reading.connect();
      // What is sent here as UTF-8 is two letters for that server.
      await server.query("SET NAMES latin1; CREATE TABLE d.latin1 (a INT) COMMENT 'é'; DROP TABLE d.latin1");
      for await (const { statements } of reading.transactions()) {
        expect(statements.map(({ statement }) => statement)).toEqual([
          "CREATE TABLE d.latin1 (a INT) COMMENT 'Ã©'",
        ]);
        break;
      }
    });

    test('with what is only prepared told from what is committed', async () => {
      const reading = stream({ ...connection, start: 'now' });
      await reading.connect();
      await server.query(`XA START 'a'; INSERT INTO d.t (name) VALUES ('xa'); XA END 'a'; XA PREPARE 'a'; XA ROLLBACK 'a';
        XA START 'b'; INSERT INTO d.t (name) VALUES ('xa'); XA END 'b'; XA COMMIT 'b' ONE PHASE;
        INSERT INTO d.t (name) VALUES ('after XA')`);
      const seen: unknown[] = [];
      for await (const { changes, statements, prepared } of reading.transactions({ tables })) {
        seen.push([
          prepared,
          ...changes.map(({ after }) => after?.['name']),
          ...statements.map(({ statement }) => statement),
        ]);
        if (changes[0]?.after?.['name'] === 'after XA') break;
      }
      // MySQL 5.6 logs what was committed, and nothing before.
      const undone = [
        ["X'61',X'',1", 'xa'],
        [undefined, "XA ROLLBACK X'61',X'',1"],
      ];
      const rest = [
        [undefined, 'xa'],
        [undefined, 'after XA'],
      ];
      expect(seen).toEqual(name === 'mysql56' ? rest : [...undone, ...rest]);
    });

    test('by transaction, without what the source took back', async () => {
      await server.query('CREATE DATABASE k; CREATE TABLE k.kept (a INT)');
      const reading = stream({ ...connection, start: 'now' });
      await reading.connect();
      // A temporary table cannot be taken back, so MariaDB logs the rest with its SAVEPOINT and ROLLBACK.
      await server.query(`BEGIN; INSERT INTO k.kept VALUES (1); CREATE TEMPORARY TABLE k.gone (a INT);
        SAVEPOINT \`of a\`; INSERT INTO k.kept VALUES (2); SAVEPOINT b; INSERT INTO k.kept VALUES (3);
        ROLLBACK TO SAVEPOINT \`OF A\`; INSERT INTO k.kept VALUES (4); COMMIT;
        BEGIN; INSERT INTO k.kept VALUES (5); DROP TEMPORARY TABLE k.gone; ROLLBACK;
        INSERT INTO k.kept VALUES (6)`);
      const seen: unknown[] = [];
      for await (const { changes } of reading.transactions({ tables: (schema) => schema === 'k' })) {
        seen.push(...changes.map(({ after }) => after?.['a']));
        if (seen.at(-1) === 6) break;
      }
      expect(await server.query('SELECT a FROM k.kept')).toBe(`a\n${seen.join('\n')}\n`);
      await server.query('DROP DATABASE k');
    });

    test('event by event', async () => {
      const events = new Map<string, number>();
      for await (const batch of stream({ ...connection, start: 'beginning', stopAtEnd: true })) {
        for (const event of batch) events.set(event.name, (events.get(event.name) ?? 0) + 1);
      }
      expect(events.get('ROTATE_EVENT')).toBe(3);
      expect(events.get('FORMAT_DESCRIPTION_EVENT')).toBe(4);
      expect(events.get('XID_EVENT')).toBeGreaterThan(29);
    });

    // Compressed transactions have no middle.
    test.skipIf(args.length > 0)('not from the middle of a statement', async () => {
      const reading = stream({ ...connection, start: 'beginning', stopAtEnd: true });
      let place: StreamPosition = {};
      for await (const batch of reading) {
        for (const event of batch) {
          if (reading.rows(event) !== undefined) place = { file: reading.file, position: event.position };
        }
      }
      const inside = stream({ ...connection, start: place, stopAtEnd: true });
      await expect(all(inside.changes())).rejects.toMatchObject({
        code: 'BINLOG_FORMAT',
        context: place,
        hint: 'The stream began in the middle of a statement: begin at the `resumeAt` of a change or transaction.',
      });
    });

    test('to calls that do not wait for each other', async () => {
      const { changes } = await read({});
      const reading = stream({ ...connection, start: 'beginning', stopAtEnd: true });
      // Nobody waits for it either.
      const connected = reading.connect();
      const iterator = reading.changes({ tables });
      const answers = await Promise.all(Array.from({ length: 100 }, () => iterator.next()));
      expect(answers.map(({ value }) => plain(value!))).toEqual(changes.slice(0, 100));
      await connected;
      await iterator.return!();
      expect(await iterator.next()).toEqual({ done: true, value: undefined });
    });

    test('and nothing behind an abort, though it is here already', async () => {
      const abort = new AbortController();
      const seen: StreamChange[] = [];
      const reading = stream({ ...connection, start: 'beginning', signal: abort.signal });
      const taking = (async () => {
        for await (const change of reading.changes({ tables }))
          if (seen.push(change) === 5) abort.abort(new Error('enough'));
      })();
      await expect(taking).rejects.toThrow('enough');
      expect(seen).toHaveLength(5);
      // The transaction was not handed out whole: the place is before it.
      const { changes } = await read({ start: reading.position! });
      expect(changes).toContainEqual(plain(seen[4]!));
    });

    test('without keeping a reader who leaves while it waits', async () => {
      const ways: ((reading: Stream) => AsyncIterator<unknown>)[] = [
        (reading) => reading.changes(),
        (reading) => reading.transactions(),
        (reading) => reading[Symbol.asyncIterator](),
      ];
      for (const way of ways) {
        const reading = stream({ ...connection, start: 'now' });
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await reading.connect();
        const iterator = way(reading);
        const waiting = [iterator.next(), iterator.next()];
        const left = iterator.return!();
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        expect((await Promise.all([...waiting, left])).at(-1)).toEqual({ done: true, value: undefined });
      }
    });

    test('from now on, until it is told to stop', async () => {
      const abort = new AbortController();
      const source = await connect(connection);
      expect(source.tls === undefined).toBe(!tls);
      const reading = source.stream({ start: 'now', signal: abort.signal });
      const changes = reading.changes({ tables });
      const first = changes.next();
      // The dump begins somewhere in these: whatever is seen first, all that follows is seen.
      const inserting = server.query(
        Array.from({ length: 50 }, (_, at) => `INSERT INTO d.t (name) VALUES ('now ${at}')`).join(';'),
      );
      const seen: unknown[] = [(await first).value?.after?.['name']];
      await inserting;
      while (seen.at(-1) !== 'now 49') {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        seen.push((await changes.next()).value?.after?.['name']);
      }
      const begin = Number(/\d+/.exec(String(seen[0]))![0]);
      expect(seen).toEqual(Array.from({ length: 50 - begin }, (_, at) => `now ${at + begin}`));
      const waiting = changes.next();
      abort.abort(new Error('enough'));
      await expect(waiting).rejects.toThrow('enough');
      await source.close();
    });

    test('until the signal of its connection ends it', async () => {
      const abort = new AbortController();
      const source = await connect({ ...connection, signal: abort.signal });
      const reading = source.stream({ start: 'now', signal: new AbortController().signal });
      await reading.connect();
      const waiting = reading.changes({ tables }).next();
      abort.abort(new Error('over'));
      await expect(waiting).rejects.toThrow('over');
      await expect(source.stream({ start: 'now' }).connect()).rejects.toThrow('over');
      await source.close();
    });
  });

  describe.skipIf(missing)('over a bad network', () => {
    const quick = { delayMs: 1, maxDelayMs: 5, initial: true } as const;

    const faults: readonly (readonly [string, readonly NetworkFault['kind'][], number])[] = [
      ['cut', ['cut'], 1500],
      ['cut in every phase of the beginning', ['cut'], 97],
      ['refused now and then', ['refused', 'cut', 'refused'], 9000],
      ['slow', ['slow', 'cut'], 300],
      ['frozen', ['frozen'], 6000],
      ['damaged', ['corrupted', 'cut'], 2500],
    ];

    test.each(faults)('%s: nothing is lost, nothing comes twice', async (what, kinds, step) => {
      const expected = await changesInFiles(server);
      const count = what === 'frozen' ? 4 : 40;
      proxy.faults.push(
        ...Array.from(
          { length: count },
          (_, at): NetworkFault => ({ kind: kinds[at % kinds.length]!, after: step * (at + 1) }),
        ),
      );
      const before = proxy.connections;
      const timeouts = what === 'frozen' ? { netTimeoutMs: 500, heartbeatMs: 200 } : {};
      const by = { ...through, connectTimeoutMs: 500, readTimeoutMs: 500 };
      const { changes } = await read({ by, retry: { attempts: 100, ...quick }, ...timeouts });
      expect(proxy.connections - before).toBeGreaterThan(3);
      proxy.faults.length = 0;
      expect(changes.length).toBe(expected.length);
      expect(changes).toEqual(expected);
    });

    test('while the server writes', async () => {
      const source = await connect(connection);
      const reading = stream({ ...through, start: 'beginning', retry: { attempts: 100, ...quick } });
      const marker = `end ${Math.random()}`;
      const working = (async () => {
        await work(20);
        proxy.cutAll();
        await work(20);
        proxy.cutAll();
        await server.query(`INSERT INTO d.t (name) VALUES ('${marker}')`);
      })();
      const changes: object[] = [];
      for await (const change of reading.changes({ tables })) {
        changes.push(plain(change));
        if (change.after?.['name'] === marker) break;
      }
      await working;
      await source.close();
      expect(changes).toEqual(await changesInFiles(server));
    });

    test('gives up with what happened last', async () => {
      proxy.faults.push(...Array.from({ length: 4 }, (): NetworkFault => ({ kind: 'refused', after: 0 })));
      const failing = read({ by: through, retry: { attempts: 3, ...quick } });
      await expect(failing).rejects.toMatchObject({ code: 'REPLICATION_GAVE_UP', cause: { errno: 2013 } });
    });
  });

  describe.skipIf(missing)('says what is wrong', () => {
    test('with the server’s own words', async () => {
      await expect(read({ start: { file: 'nosuch.000001' } })).rejects.toMatchObject({
        errno: 1236,
        message: 'Could not find first log file name in binary log index file',
        context: { file: 'nosuch.000001' },
        hint: expect.stringContaining('SHOW BINARY LOGS'),
      });
      await expect(read({ by: { ...connection, user: 'nobody', password: 'x' } })).rejects.toMatchObject({
        errno: 1045,
      });
    });

    test('not where MariaDB logs columns that it does not show', async () => {
      if (!name.startsWith('mariadb')) return;
      await server.query(`CREATE TABLE d.hidden (a INT PRIMARY KEY, b TEXT UNIQUE, c TEXT, UNIQUE (c, a)) WITH SYSTEM VERSIONING;
        CREATE TABLE d.hidden_named (a INT PRIMARY KEY, b TEXT UNIQUE, s TIMESTAMP(6) GENERATED ALWAYS AS ROW START,
          e TIMESTAMP(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING;
        INSERT INTO d.hidden VALUES (1, 'b', 'c'); INSERT INTO d.hidden_named (a, b) VALUES (2, 'b')`);
      const reading = stream({ ...connection, start: 'beginning', stopAtEnd: true });
      const rows = await all(reading.changes({ tables: (_, table) => table.startsWith('hidden') }));
      const times = { row_start: expect.any(String), row_end: expect.any(String) };
      const hashes = { DB_ROW_HASH_1: expect.any(BigInt), DB_ROW_HASH_2: expect.any(BigInt) };
      expect(rows.map(({ after }) => after)).toEqual([
        { a: 1, b: 'b', c: 'c', ...times, ...hashes },
        { a: 2, b: 'b', s: expect.any(String), e: expect.any(String), DB_ROW_HASH_1: expect.any(BigInt) },
      ]);
      if (args.includes('--binlog-row-metadata=FULL')) return;
      // One that was there, and is not hidden, is drift as ever.
      await server.query(
        'CREATE TABLE d.lost (a INT, b BIGINT); INSERT INTO d.lost VALUES (1, 2); ALTER TABLE d.lost DROP b',
      );
      const drifting = stream({ ...connection, start: 'beginning', stopAtEnd: true });
      await expect(all(drifting.changes({ tables: (_, table) => table === 'lost' }))).rejects.toMatchObject({
        code: 'SCHEMA_DRIFT',
      });
    });

    test('not where the server shows its tables otherwise to whoever does not ask', async () => {
      const isNew = name === 'mysql97';
      await server.query(`${isNew ? 'SET SESSION sql_generate_invisible_primary_key = ON;' : ''}
        CREATE TABLE d.\`shown\\"\` (a INT, b ENUM('x\\\\y', 'it''s'));
        INSERT INTO d.\`shown\\"\` VALUES (1, 'it''s'), (2, 1)`);
      const mode = `ANSI_QUOTES,NO_BACKSLASH_ESCAPES${name.startsWith('mariadb') ? ',ORACLE' : ''}`;
      const hides = isNew ? '; SET GLOBAL show_gipk_in_create_table_and_information_schema = OFF' : '';
      await server.query(`SET GLOBAL sql_mode = '${mode}'${hides}`);
      const key = (value: bigint): object => (isNew ? { my_row_id: value } : {});
      const asked = new SourceTables(connection);
      try {
        const reading = stream({ ...connection, start: 'beginning', stopAtEnd: true });
        const rows = await all(reading.changes({ tables: (_, table) => table.startsWith('shown') }));
        expect(rows.map(({ after }) => after)).toEqual([
          { ...key(1n), a: 1, b: "it's" },
          { ...key(2n), a: 2, b: 'x\\y' },
        ]);
        const found = await asked.find('d', 'shown\\"');
        expect(found?.columns.map((column) => column.name)).toEqual([...Object.keys(key(1n)), 'a', 'b']);
        expect(found?.columns.at(-1)?.type.values).toEqual(['x\\y', "it's"]);
      } finally {
        await asked.close();
        await server.query(`SET GLOBAL sql_mode = DEFAULT${hides.replace('OFF', 'ON')}`);
      }
    });

    test('where a table is not what it was', async () => {
      await server.query('CREATE TABLE d.drift (a INT, b INT); INSERT INTO d.drift VALUES (1, 2)');
      const drifting = (): Promise<unknown[]> => {
        const reading = stream({ ...connection, start: 'beginning', stopAtEnd: true });
        return all(reading.changes({ tables: (_, table) => table === 'drift' }));
      };
      expect(await drifting()).toMatchObject([{ after: { a: 1, b: 2 } }]);
      await server.query('ALTER TABLE d.drift ADD c INT');
      if (args.includes('--binlog-row-metadata=FULL')) {
        // The log names its columns itself: what the table is now does not matter.
        expect(await drifting()).toMatchObject([{ after: { a: 1, b: 2 } }]);
        return;
      }
      await expect(drifting()).rejects.toMatchObject({ code: 'SCHEMA_DRIFT' });
      await server.query('ALTER TABLE d.drift DROP c, MODIFY b TEXT');
      await expect(drifting()).rejects.toMatchObject({ code: 'SCHEMA_DRIFT' });
      await server.query('DROP TABLE d.drift');
      await expect(drifting()).rejects.toMatchObject({ code: 'SCHEMA_UNKNOWN' });
      const reading = stream({ ...connection, start: 'beginning', stopAtEnd: true });
      const numbered = reading.changes({ tables: (_, table) => table === 'drift', unnamed: 'number' });
      expect(await all(numbered)).toMatchObject([{ after: { '@1': 1, '@2': 2 } }]);
    });
  });
});
