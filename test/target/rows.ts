import { join } from 'node:path';
import { openSqlite, type SqliteValue } from '../../src/store/index.ts';
import { fileName } from '../../src/target/sqlite/index.ts';
import type { RunningServer } from '../servers/index.ts';
import { askedText } from './server-rows.ts';

/** How values of a type are compared: an expression for the server, and the same for what SQLite keeps. */
interface Comparison {
  readonly types: RegExp;
  readonly asked: (column: string, charset: string) => string;
  readonly kept: (value: SqliteValue) => string;
}

const hex = (value: SqliteValue): string =>
  Buffer.from(value instanceof Uint8Array ? value : String(value))
    .toString('hex')
    .toUpperCase();
const plain = (value: SqliteValue): string => String(value);

const comparisons: readonly Comparison[] = [
  { types: /^(tinyint|smallint|mediumint|int|bigint|year|bit)$/, asked: (c) => `${c} + 0`, kept: plain },
  { types: /^decimal$/, asked: (c) => `CAST(${c} AS CHAR)`, kept: plain },
  // Both sides as the shortest digits that mean the same double.
  { types: /^(float|double)$/, asked: (c) => `${c} + 0e0`, kept: (value) => plain(Number(value)) },
  {
    types: /^(char|varchar|tinytext|text|mediumtext|longtext|enum|set)$/,
    asked: askedText,
    kept: hex,
  },
  { types: /^json$/, asked: (c) => `HEX(CAST(${c} AS CHAR))`, kept: hex },
  { types: /^(date|time|datetime|timestamp)$/, asked: (c) => `CAST(${c} AS CHAR)`, kept: plain },
  { types: /./, asked: (c) => `HEX(${c})`, kept: hex },
];

const comparisonOf = (type: string): Comparison => comparisons.find(({ types }) => types.test(type))!;
const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
const lines = (output: string): string[] => output.split('\n').slice(1, -1);

/** Digits of a float as the server prints them, in JavaScript's own form. */
const normal = (type: string, text: string): string =>
  /^(float|double)$/.test(type) && text !== 'NULL' ? String(Number(text)) : text;

/** The rows of every table of a schema, on both sides, in an order of their own: `table → lines`. */
export async function bothSides(
  server: RunningServer,
  schema: string,
  folder: string,
): Promise<{ readonly theirs: Map<string, string[]>; readonly ours: Map<string, string[]> }> {
  const columns = lines(
    await server.query(
      `SELECT c.table_name, HEX(c.column_name), c.data_type, COALESCE(c.character_set_name, '-'), LOCATE('VIRTUAL', c.extra) FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
       WHERE table_schema = '${schema}' AND table_type NOT IN ('VIEW', 'SEQUENCE') ORDER BY c.table_name, c.ordinal_position`,
    ),
  ).map((line) => line.split('\t'));
  const tables = new Map<string, { name: string; type: string; charset: string }[]>();
  for (const [table, name, type, charset, virtual] of columns) {
    const list = tables.get(table!) ?? [];
    // Virtual columns hold nothing of their own.
    if (virtual === '0')
      list.push({ name: Buffer.from(name!, 'hex').toString(), type: type!, charset: charset! });
    tables.set(table!, list);
  }
  const theirs = new Map<string, string[]>();
  const ours = new Map<string, string[]>();
  const database = await openSqlite(join(folder, fileName(schema)));
  for (const [table, list] of tables) {
    const asked = list
      .map(({ name, type, charset }) => comparisonOf(type).asked(quote(name), charset))
      .join(', ');
    // oxlint-disable-next-line no-await-in-loop -- one table after the other
    const answer = await server.query(
      `SET time_zone = '+00:00'; SELECT ${asked} FROM ${quote(schema)}.${quote(table)}`,
    );
    const rows = lines(answer).map((line) =>
      line.split('\t').map((text, index) => normal(list[index]!.type, text)),
    );
    const names = list.map(({ name }) => `"${name.replaceAll('"', '""')}"`).join(', ');
    const statement = database.prepare(`SELECT ${names} FROM "${table.replaceAll('"', '""')}"`);
    statement.setReadBigInts(true);
    const kept = statement
      .all()
      .map((row) =>
        list.map(({ name, type }) => (row[name] === null ? 'NULL' : comparisonOf(type).kept(row[name]!))),
      );
    theirs.set(table, rows.map((row) => row.join('\t')).sort());
    ours.set(table, kept.map((row) => row.join('\t')).sort());
  }
  database.close();
  return { theirs, ours };
}
