import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePair, namesFor, openAuthority, pairFolder } from '../../src/certificates/index.ts';
import { type Connection, connect } from '../../src/connection/index.ts';
import { openStreams } from '../../src/relay/index.ts';
import { missingServers, type RunningServer, startServer } from '../servers/index.ts';
import { untilTrue } from '../until-true.ts';
import { startRelay, type TestRelay } from './relay.ts';

const missing = missingServers('mysql97');
const ssl = { sslMode: 'DISABLED' as const };

/** A source, a relay and a replica behind it, set up with the statements a person would use. */
describe.skipIf(missing)('MySQL 9.7 on both sides of a relay', () => {
  const servers: RunningServer[] = [];
  let relay: TestRelay;
  let source: Connection;
  let middle: Connection;
  let replica: Connection;
  let pair: string;

  beforeAll(async () => {
    for (const tag of ['source', 'replica'])
      servers.push(await startServer('mysql97', `relay-chain-${tag}-${process.pid}`, {}));
    relay = await startRelay({ openStreams: (surroundings) => openStreams(surroundings) });
    source = await connect({ socketPath: servers[0]!.socket, user: 'root', ssl });
    replica = await connect({ socketPath: servers[1]!.socket, user: 'root', ssl });
    middle = await relay.session();
    const authority = await openAuthority(dirname(relay.authority), {
      now: () => new Date(),
      passphrase: async () => undefined,
    });
    const plan = { kind: 'user', days: 30, names: [], keyKind: 'ec-p256', keyForm: 'pkcs8' } as const;
    await makePair(authority, { ...plan, name: 'replica', subject: '/CN=replica' });
    pair = pairFolder(authority, 'user', 'replica');
  }, 120_000);

  afterAll(async () => {
    for (const connection of [source, middle, replica]) await connection?.close();
    await relay?.wipe();
    for (const server of servers) await server.wipe();
  });

  /** One column of SHOW REPLICA STATUS. */
  async function status(connection: Connection, name: string): Promise<string> {
    const { columns, rows } = await connection.query('SHOW REPLICA STATUS');
    return rows[0]?.[columns.findIndex((column) => column.name === name)]?.toString() ?? '';
  }

  test('rows pass, and only to a replica that shows its certificate', async () => {
    await source.query("CREATE USER repl IDENTIFIED BY 'rp' REQUIRE SSL");
    await source.query('GRANT REPLICATION SLAVE ON *.* TO repl');
    await source.query('CREATE DATABASE app');
    await source.query('CREATE TABLE app.t (id INT PRIMARY KEY, v VARCHAR(20))');
    await source.query("INSERT INTO app.t VALUES (1, 'one')");
    await middle.query(
      `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${servers[0]!.port}, SOURCE_USER='repl', ` +
        `SOURCE_PASSWORD='rp', SOURCE_SSL_CA='${await source.value('SELECT @@datadir')}ca.pem', SOURCE_AUTO_POSITION=1, REQUIRE_ROW_FORMAT=1`,
    );
    await middle.query('START REPLICA');
    await untilTrue(
      async () =>
        (await middle.value('SELECT @@gtid_executed')) === (await source.value('SELECT @@gtid_executed')),
    );

    await middle.query("CREATE USER rep IDENTIFIED BY 'pw' REQUIRE SUBJECT '/CN=replica'");
    await middle.query('GRANT REPLICATION SLAVE ON *.* TO rep');
    await replica.query('RESET BINARY LOGS AND GTIDS');
    await replica.query(
      `CHANGE REPLICATION SOURCE TO SOURCE_HOST='localhost', SOURCE_PORT=${relay.port}, SOURCE_USER='rep', ` +
        `SOURCE_PASSWORD='pw', SOURCE_SSL=1, SOURCE_SSL_CA='${relay.authority}', SOURCE_SSL_VERIFY_SERVER_CERT=1, SOURCE_AUTO_POSITION=1`,
    );
    await replica.query('START REPLICA');
    await untilTrue(async () => (await status(replica, 'Last_IO_Errno')) === '1045');
    expect(relay.audit.findLast(({ event }) => event === 'refused')?.['reason']).toBe(
      'the account requires a client certificate',
    );

    await replica.query('STOP REPLICA');
    await replica.query(
      `CHANGE REPLICATION SOURCE TO SOURCE_SSL_CERT='${join(pair, 'client-cert.pem')}', SOURCE_SSL_KEY='${join(pair, 'client-key.pem')}'`,
    );
    await replica.query('START REPLICA');
    await source.query("INSERT INTO app.t VALUES (2, 'two')");
    const executed = await source.value('SELECT @@gtid_executed');
    await untilTrue(async () => (await replica.value('SELECT @@gtid_executed')) === executed);
    expect(await replica.value('SELECT GROUP_CONCAT(v ORDER BY id) FROM app.t')).toBe('one,two');
    expect((await middle.query('SHOW REPLICAS')).rows).toHaveLength(1);
    expect(
      await middle.value(
        "SELECT COUNT(*) FROM performance_schema.processlist WHERE COMMAND LIKE 'Binlog Dump%'",
      ),
    ).toBe('1');
  });

  test('certificates are swapped under the stream', async () => {
    const id = (): Promise<string | null | undefined> =>
      middle.value("SELECT ID FROM performance_schema.processlist WHERE COMMAND LIKE 'Binlog Dump%'");
    const before = await id();
    const authority = await openAuthority(dirname(relay.authority), {
      now: () => new Date(),
      passphrase: async () => undefined,
    });
    const names = namesFor('server', 'other', ['localhost', '127.0.0.1']);
    const plan = { kind: 'server', days: 30, names, keyKind: 'ec-p256', keyForm: 'pkcs8' } as const;
    await makePair(authority, { ...plan, name: 'other', subject: '/CN=other' });
    const first = relay.context.tls.active;
    const other = pairFolder(authority, 'server', 'other');
    const pairs = [
      [join(other, 'server-cert.pem'), join(other, 'server-key.pem')],
      [first.cert, first.key],
    ] as const;
    // The source writes all the while.
    let swapping = true;
    const writing = (async () => {
      for (let id = 3; swapping; id += 1) await source.query(`INSERT INTO app.t VALUES (${id}, 'more')`);
    })();
    for (let round = 0; round < 10; round += 1) {
      const [certificate, key] = pairs[round % 2]!;
      await middle.query(`SET GLOBAL ssl_cert='${certificate}', GLOBAL ssl_key='${key}'`);
      await middle.query('ALTER INSTANCE RELOAD TLS');
      expect(relay.context.tls.active.cert).toBe(certificate);
    }
    swapping = false;
    await writing;
    const executed = await source.value('SELECT @@gtid_executed');
    await untilTrue(async () => (await replica.value('SELECT @@gtid_executed')) === executed);
    expect(await id()).toBe(before);
    expect(relay.failures).toEqual([]);
  });
});
