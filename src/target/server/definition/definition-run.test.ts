import { expect, test } from 'vitest';
import { EventType, encodeEvent, LogState, RawEvent } from '../../../binlog/index.ts';
import type { Connection } from '../../../connection/index.ts';
import { ServerError } from '../../../errors/index.ts';
import { parseTableStatement } from '../../../sql/index.ts';
import { SessionMemory } from '../session/session-settings.ts';
import { DefinitionRun } from './definition-run.ts';

const SQL = 'CREATE TABLE d.t (j JSON, a INT AS (1 MEMBER OF (j)) VIRTUAL)';

/** A definition of MySQL, logged with a default schema. */
function definitionOf(
  sql: string,
  statement: object,
  schema = '',
): ConstructorParameters<typeof DefinitionRun>[0] {
  const bytes = encodeEvent(
    { timestamp: 1, type: EventType.QUERY_EVENT, serverId: 1, logPos: 0, flags: 0 },
    {
      kind: 'query',
      threadId: 1,
      executionSeconds: 0,
      errorCode: 0,
      status: { bytes: Buffer.alloc(0) },
      schema: Buffer.from(schema),
      statement: Buffer.from(sql),
      block: undefined,
    },
    new LogState(),
    { checksum: false },
  );
  const event = new RawEvent();
  event.aim(bytes, 0, bytes.length, 0, false);
  return { statement, sql: Buffer.from(sql), context: { schema }, event } as unknown as ConstructorParameters<
    typeof DefinitionRun
  >[0];
}

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
  const definition = definitionOf(SQL, { kind: 'createTable', temporary: false });
  const run = new DefinitionRun(definition, connection, new SessionMemory(), {
    from: 'mysql',
    to: 'mariadb',
  });
  await run.run(undefined, false).catch(() => undefined);
  return statements;
}

/** What a MySQL is given of a statement whose default schema it has not, and how that ends: it refuses it with this error. */
async function givenWithoutSchema(
  sql: string,
  refusal?: readonly [errno: number, message: string],
  statement: object = { kind: 'other' },
): Promise<readonly string[]> {
  const statements: string[] = [];
  const connection = {
    query: async (text: string) => {
      if (!text.startsWith('SET @@')) statements.push(text);
      if (text === 'USE `gone`') throw new ServerError(1049, '42000', "Unknown database 'gone'");
    },
    queryBytes: async (text: Uint8Array) => {
      statements.push(Buffer.from(text).toString());
      if (refusal !== undefined) throw new ServerError(refusal[0], 'HY000', refusal[1]);
    },
  } as unknown as Connection;
  const run = new DefinitionRun(definitionOf(sql, statement, 'gone'), connection, new SessionMemory(), {
    from: 'mysql',
    to: 'mysql',
  });
  await run.run(undefined, false, 'GTID').catch((error: Error) => statements.push(error.message));
  return statements;
}

test('an expression that the target does not take is left out', async () => {
  expect(await given(1305)).toEqual([SQL, SQL.replace('1 MEMBER OF (j)', 'NULL')]);
});

test('what stands in the way of a definition changes nothing of it', async () => {
  for (const errno of [1021, 1114, 1317, 1969, 3024]) expect(await given(errno)).toEqual([SQL]);
});

test('what waited for a lock is given again under its GTID', async () => {
  const statements: string[] = [];
  const connection = {
    query: async (text: string) => void (text.startsWith('SET @@') || statements.push(text)),
    queryBytes: async (text: Uint8Array) => {
      statements.push(Buffer.from(text).toString());
      if (statements.length === 1) throw new ServerError(1205, 'HY000', 'Lock wait timeout exceeded');
    },
  } as unknown as Connection;
  const sql = 'CREATE VIEW v AS SELECT 1';
  const families = { from: 'mysql', to: 'mysql' } as const;
  const run = new DefinitionRun(
    definitionOf(sql, { kind: 'other' }),
    connection,
    new SessionMemory(),
    families,
  );
  await run.run(undefined, true, 'GTID');
  expect(statements).toEqual([sql, 'GTID', sql]);
});

test('a default schema that filters keep away stops nothing that needs none', async () => {
  const before = ['USE `gone`', 'USE information_schema', 'GTID'];
  const view = 'CREATE VIEW d.v AS SELECT 1';
  expect(await givenWithoutSchema(view)).toEqual([...before, view]);
  const [drop, absent] = ['DROP /* it */ TRIGGER g', 'Trigger does not exist'];
  expect(await givenWithoutSchema(drop, [1360, absent])).toEqual([...before, drop]);
  expect(await givenWithoutSchema(view, [1146, "Table 'd.t' doesn't exist"])).toEqual([
    ...before,
    view,
    "Table 'd.t' doesn't exist",
  ]);
  expect(
    await givenWithoutSchema('CREATE VIEW v AS SELECT 1', [
      1044,
      "Access denied to database 'information_schema'",
    ]),
  ).toEqual([...before, 'CREATE VIEW v AS SELECT 1', "Unknown database 'gone'"]);
});

test('temporary tables are of no use to any target, and views to none of the other family', () => {
  const isOfNoUse = (sql: string, to: 'mysql' | 'mariadb'): boolean => {
    const definition = definitionOf(sql, { ...parseTableStatement(Buffer.from(sql)) });
    const connection = {} as unknown as Connection;
    return new DefinitionRun(definition, connection, new SessionMemory(), { from: 'mysql', to }).isOfNoUse;
  };
  for (const to of ['mysql', 'mariadb'] as const) {
    expect(isOfNoUse('DROP /*!40005 TEMPORARY */ TABLE IF EXISTS `x`', to)).toBe(true);
    expect(isOfNoUse('CREATE TEMPORARY TABLE x (a INT)', to)).toBe(true);
    expect(isOfNoUse('DROP TABLE x', to)).toBe(false);
    expect(isOfNoUse('CREATE VIEW v AS SELECT 1', to)).toBe(to === 'mariadb');
  }
});

test('views that are renamed are nothing to the other family, which has none of the source', async () => {
  const rename = async (to: 'mysql' | 'mariadb', names: readonly string[]): Promise<string[]> => {
    const given: string[] = [];
    const connection = {
      query: async (sql: string) => ({
        columns: [],
        rows: sql.includes('information_schema.tables') ? [[Buffer.from('d'), Buffer.from('t')]] : [],
      }),
      queryBytes: async (sql: Uint8Array) => {
        given.push(Buffer.from(sql).toString());
        if (given[0]!.includes('v')) throw new ServerError(1146, '42S02', "Table 'd.v' doesn't exist");
      },
    } as unknown as Connection;
    const pairs = names.map((name) => ({
      from: { schema: 'd', name },
      to: { schema: undefined, name: `${name}2` },
    }));
    const definition = definitionOf(
      `RENAME TABLE d.${names[0]} TO d.w`,
      { kind: 'renameTables', pairs },
      'd',
    );
    const run = new DefinitionRun(definition, connection, new SessionMemory(), { from: 'mysql', to });
    await run.run(undefined, false);
    return given;
  };
  await rename('mariadb', ['v']);
  await expect(rename('mysql', ['v'])).rejects.toThrow("Table 'd.v' doesn't exist");
  expect(await rename('mariadb', ['v', 'w'])).toEqual([]);
  expect(await rename('mariadb', ['v', 't', 't2'])).toEqual([
    'RENAME TABLE `d`.`t` TO `d`.`t2`, `d`.`t2` TO `d`.`t22`',
  ]);
  await expect(rename('mysql', ['v', 't'])).rejects.toThrow("Table 'd.v' doesn't exist");
});
