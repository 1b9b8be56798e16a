import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RawEvent } from '../../src/binlog/index.ts';
import { SourceClient, type SourceClientOptions } from '../../src/replication/index.ts';
import {
  missingServers,
  type RunningServer,
  type ServerName,
  startServer,
  sweepInstances,
} from '../servers/index.ts';
import { untilTrue } from '../until-true.ts';

const cases: readonly { readonly name: ServerName; readonly list: string }[] = [
  { name: 'mysql97', list: 'SHOW REPLICAS' },
  { name: 'mysql56', list: 'SHOW SLAVE HOSTS' },
  { name: 'mariadb1011', list: 'SHOW SLAVE HOSTS' },
  { name: 'mariadb118', list: 'SHOW REPLICA HOSTS' },
];

/** Names of the events up to the one that is waited for. */
async function until(client: SourceClient, name: string): Promise<string[]> {
  const event = new RawEvent();
  const names: string[] = [];
  for (;;) {
    while (client.next(event)) {
      names.push(event.name);
      if (event.name === name) return names;
    }
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    if ((await client.wait()) === 'ended') throw new Error(`ended before ${name}`);
  }
}

describe.each(cases)('a replica of $name', ({ name, list }) => {
  const missing = missingServers(name);
  let server: RunningServer;
  let connection: SourceClientOptions['connection'];
  const replica = { host: 'rowlock-host', port: 3307, user: 'somebody' };

  beforeAll(async () => {
    if (missing !== undefined) return;
    await sweepInstances();
    server = await startServer(name, `source-${process.pid}`);
    await server.query('CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY)');
    connection = { user: 'root', socketPath: server.socket };
  }, 180_000);

  afterAll(async () => {
    await server?.wipe();
  });

  test.skipIf(missing)('is listed while it reads, and hears heartbeats of an idle source', async () => {
    const losses: unknown[] = [];
    const client = new SourceClient({
      connection,
      start: 'now',
      identity: { serverId: 4711, replica },
      heartbeatMs: 200,
      onRetry: ({ error }) => losses.push(error),
    });
    await client.wait();
    await until(client, 'FORMAT_DESCRIPTION_EVENT');
    const listed = await server.query(list);
    expect(listed).toContain('4711\t');
    expect(listed).toContain('3307');
    const idle = until(client, 'XID_EVENT');
    await untilTrue(() => client.heartbeats >= 3);
    await server.query('INSERT INTO d.t VALUES (1)');
    await idle;
    expect(losses).toEqual([]);
    expect(client.place).toBe('ends');
    client.close();
  });

  test.skipIf(missing)('follows no source that is itself', async () => {
    const serverId = server.port;
    const client = new SourceClient({ connection, start: 'now', identity: { serverId, replica } });
    await expect(client.wait()).rejects.toMatchObject({ code: 'REPLICATION_SAME_SERVER', errno: 1593 });
    const listener = new SourceClient({ connection, start: 'now', identity: { serverId } });
    await listener.wait();
    listener.close();
  });

  test.skipIf(missing)('goes on after the source ended its session', async () => {
    const client = new SourceClient({ connection, start: 'now', retry: { delayMs: 1 } });
    await client.wait();
    await server.query('INSERT INTO d.t VALUES (2)');
    await until(client, 'XID_EVENT');
    const ids = (
      await server.query("SELECT id FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'")
    )
      .split('\n')
      .filter((line) => /^\d+$/.test(line));
    expect(ids.length).toBeGreaterThan(0);
    await server.query(`${ids.map((id) => `KILL ${id}`).join(';')}; INSERT INTO d.t VALUES (3)`, {
      force: true,
    });
    const again = await until(client, 'XID_EVENT');
    expect(again.filter((event) => event.startsWith('WRITE_ROWS')).length).toBe(1);
    expect(client.link).toEqual({ name: 'streaming', failures: 0 });
    client.close();
  });
});
