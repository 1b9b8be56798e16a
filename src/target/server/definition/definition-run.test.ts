import { expect, test } from 'vitest';
import { EventType, encodeEvent, LogState, RawEvent } from '../../../binlog/index.ts';
import type { Connection } from '../../../connection/index.ts';
import { ServerError } from '../../../errors/index.ts';
import { SessionMemory } from '../session/session-settings.ts';
import { DefinitionRun } from './definition-run.ts';

const SQL = 'CREATE TABLE d.t (j JSON, a INT AS (1 MEMBER OF (j)) VIRTUAL)';

/** What a MariaDB is given that refuses the first definition with this error. */
async function given(errno: number): Promise<readonly string[]> {
  const statements: string[] = [];
  const connection = {
    query: async () => ({ columns: [], rows: [] }),
    queryBytes: async (sql: Uint8Array) => {
      statements.push(Buffer.from(sql).toString());
      if (statements.length === 1) throw new ServerError(errno, 'HY000', 'refused');
    },
  } as unknown as Connection;
  const bytes = encodeEvent(
    { timestamp: 1, type: EventType.QUERY_EVENT, serverId: 1, logPos: 0, flags: 0 },
    {
      kind: 'query',
      threadId: 1,
      executionSeconds: 0,
      errorCode: 0,
      status: { bytes: Buffer.alloc(0) },
      schema: Buffer.alloc(0),
      statement: Buffer.from(SQL),
      block: undefined,
    },
    new LogState(),
    { checksum: false },
  );
  const event = new RawEvent();
  event.aim(bytes, 0, bytes.length, 0, false);
  const definition = {
    statement: { kind: 'createTable', temporary: false },
    sql: Buffer.from(SQL),
    context: {},
    event,
  } as unknown as ConstructorParameters<typeof DefinitionRun>[0];
  const run = new DefinitionRun(definition, connection, new SessionMemory(), {
    from: 'mysql',
    to: 'mariadb',
  });
  await run.run(undefined, false).catch(() => undefined);
  return statements;
}

test('an expression that the target does not take is left out', async () => {
  expect(await given(1305)).toEqual([SQL, SQL.replace('1 MEMBER OF (j)', 'NULL')]);
});

test('what stands in the way of a definition changes nothing of it', async () => {
  for (const errno of [1021, 1114, 1317, 1969, 3024]) expect(await given(errno)).toEqual([SQL]);
});
