import { expect, test } from 'vitest';
import { plainType } from '../../sql/index.ts';
import { openSqlite } from '../../store/index.ts';
import { CatalogError, type Table } from '../../target/index.ts';
import { storedExpressions } from './stored-expressions.ts';

const types = {
  a: 'int',
  d: 'decimal',
  s: 'varchar',
  other: 'text',
  l: 'varchar',
  moment: 'timestamp',
  bytes: 'blob',
} as const;

const table: Table = {
  schema: 'd',
  name: 't',
  columns: Object.entries({ ...types, virtual: 'int' }).map(([name, type]) => ({
    name,
    type: plainType(type, type === 'decimal' ? { length: 10, decimals: 2 } : { length: 20 }),
    nullable: true,
    default: undefined,
    autoIncrement: false,
    generated: name === 'virtual' ? 'virtual' : undefined,
    invisible: false,
    period: undefined,
    comment: '',
    charset: name === 'l' ? 'latin1' : /char|text/.test(type) ? 'utf8mb4' : undefined,
    collation: /char|text/.test(type) ? 'utf8mb4_general_ci' : undefined,
  })),
  indexes: [
    {
      kind: 'unique',
      name: 's',
      parts: [{ column: 's', prefix: undefined, descending: false }],
      withoutOverlaps: false,
    },
  ],
  charset: 'utf8mb4',
  isWhole: true,
};

test.each([
  ['a + 1', 'bigint', 8],
  ['d * `a`', 'decimal', '10.50'],
  ["concat(t.s, '-', a)", 'longtext', 'Xy-7'],
  ["if(s = 'xY', d, null)", 'decimal', '1.50'],
  ['concat(l, s)', 'longtext', 'éXy'],
  ["a is null or s like 'x%'", 'bigint', 1],
])('%s is worked out, as %s', async (expression, type, value) => {
  const found = storedExpressions.translate(expression, table, 'mariadb');
  expect(found?.type.name).toBe(type);
  const database = await openSqlite(':memory:');
  storedExpressions.register(database);
  storedExpressions.register(database);
  database.exec(
    `CREATE TABLE t (a INTEGER, d TEXT, s TEXT, l TEXT); INSERT INTO t VALUES (7, '1.50', 'Xy', 'é')`,
  );
  expect(database.prepare(`SELECT (${found!.sql}) AS value FROM t`).get()?.['value']).toBe(value);
  database.close();
});

test('a text that is kept as bytes, or has letters whose case is not sure, is left to the source', async () => {
  const database = await openSqlite(':memory:');
  storedExpressions.register(database);
  database.exec(
    `CREATE TABLE t (s TEXT, a INTEGER); INSERT INTO t VALUES (x'780079', 1), ('İ', 2), ('É', 3)`,
  );
  const { sql } = storedExpressions.translate('lower(s)', table, 'mariadb')!;
  const read = database.prepare(`SELECT (${sql}) AS value FROM t WHERE a = ?`);
  expect(() => read.get(1)).toThrow(CatalogError);
  expect(() => read.get(2)).toThrow(CatalogError);
  expect(read.get(3)?.['value']).toBe('é');
  database.close();
});

test('documents are worked out as MySQL keeps them', () => {
  const documents = {
    ...table,
    columns: [{ ...table.columns[0]!, name: 'j', type: { ...table.columns[0]!.type, name: 'json' } }],
  };
  expect(storedExpressions.translate("json_value(j, '$.a')", documents, 'mysql')?.type.name).toBe('longtext');
  expect(storedExpressions.translate("json_value(j, '$.a')", documents, 'mariadb')).toBeUndefined();
});

test.each([
  ['digits that only the source has', 'a / 3'],
  ['a text, or OR', "s || 'x'"],
  ['a name, or a text', '"s"'],
  ['a backslash, or what it stands before', String.raw`concat(s, '\'')`],
  ['a moment of a session', 'year(moment)'],
  ['what the session knows', 'now()'],
  ['a variable', '@@sql_mode'],
  ['what is not kept', 'virtual + 1'],
  ['no column', 'nothing + 1'],
  ['bytes', 'hex(bytes)'],
  ['bytes of another character set', 'length(l)'],
  ['texts of two columns', 's = other'],
  ['the least of texts', "least(s, 'b')"],
  ['digits of what was chosen', "concat(if(a, d, 1.5), '')"],
  ['a function that nobody has', 'unheard(a)'],
  ['one of the schema', 'd.abs(a)'],
  ['other tables', '(SELECT a FROM t)'],
  ['a query behind it', 'a) UNION SELECT (a'],
  ['two values', 'a, d'],
  ['nothing', ''],
])('left to the source: %s', (_what, expression) => {
  expect(storedExpressions.translate(expression, table, 'mariadb')).toBeUndefined();
});
