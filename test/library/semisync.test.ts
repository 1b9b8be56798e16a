import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConnectionOptions, stream } from '../../src/index.ts';
import {
  missingServers,
  type RunningServer,
  type ServerName,
  startServer,
  sweepInstances,
} from '../servers/index.ts';

interface Case {
  readonly name: ServerName;
  readonly on: string;
  readonly acknowledged: string;
}

/** With a timeout that no test reaches: a commit without an acknowledgement does not come back. */
const cases: readonly Case[] = [
  {
    name: 'mysql97',
    on: `INSTALL PLUGIN rpl_semi_sync_source SONAME 'semisync_source.so';
      SET GLOBAL rpl_semi_sync_source_enabled = 1, GLOBAL rpl_semi_sync_source_timeout = 600000`,
    acknowledged: "SHOW STATUS LIKE 'Rpl_semi_sync_source_yes_tx'",
  },
  {
    name: 'mariadb118',
    on: 'SET GLOBAL rpl_semi_sync_master_enabled = 1, GLOBAL rpl_semi_sync_master_timeout = 600000',
    acknowledged: "SHOW STATUS LIKE 'Rpl_semi_sync_master_yes_tx'",
  },
];

describe.each(cases)('semi-synchronous: $name', ({ name, on, acknowledged }) => {
  const missing = missingServers(name);
  let server: RunningServer;
  let connection: ConnectionOptions;

  beforeAll(async () => {
    if (missing !== undefined) return;
    await sweepInstances();
    server = await startServer(name, `semisync-${process.pid}`);
    await server.query(`CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY); ${on}`);
    connection = { user: 'root', socketPath: server.socket };
  }, 180_000);

  afterAll(async () => {
    await server?.wipe();
  });

  test.skipIf(missing)('a commit waits for the acknowledgement', async () => {
    const reading = stream({ ...connection, start: 'now', semisync: true });
    const transactions = reading.transactions();
    await reading.connect();
    const first = transactions.next();
    let isCommitted = false;
    const committing = server
      .query('INSERT INTO d.t VALUES (1); INSERT INTO d.t VALUES (2)')
      .then((result) => {
        isCommitted = true;
        return result;
      });
    expect((await first).value?.changes[0]?.after).toEqual({ a: 1 });
    // The second insert comes only when the first is committed, and that waits for us.
    expect(isCommitted).toBe(false);
    reading.acknowledge();
    expect((await transactions.next()).value?.changes[0]?.after).toEqual({ a: 2 });
    expect(isCommitted).toBe(false);
    reading.acknowledge();
    await committing;
    expect(await server.query(acknowledged)).toMatch(/\b2\b/);
    await transactions.return?.();
  });

  test.skipIf(missing)('changes cannot be acknowledged one by one', () => {
    const reading = stream({ ...connection, start: 'now', semisync: true });
    expect(() => reading.changes()).toThrow('single changes cannot be acknowledged');
    reading.close();
  });
});
