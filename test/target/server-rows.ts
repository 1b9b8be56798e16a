import type { RunningServer } from '../servers/index.ts';

/** How values of a type are asked for, so that two servers that hold the same say the same. */
interface Question {
  readonly types: RegExp;
  readonly asked: (column: string, charset: string) => string;
}

/** How UTF-8 begins where the families differ: with halves of surrogate pairs, which are none, and U+FFFD. */
const DOUBTFUL: readonly string[] = [
  'EFBFBD',
  ...Array.from({ length: 32 }, (_, half) => `ED${(0xa0 + half).toString(16)}`),
];

/**
 * Bytes that are nothing in their character set are kept as they are. So are halves of surrogate pairs, which MariaDB takes for characters
 * and UTF-8 has not, and bytes that become U+FFFD: the families differ in what they take for it. A regular expression could say so
 * shorter; MySQL's have no room for long texts (3699).
 */
export function askedText(column: string, charset: string): string {
  if (charset === '-') return `HEX(${column})`;
  const text = `CONVERT(${column} USING utf8mb4)`;
  const found = DOUBTFUL.map((bytes) => `LOCATE(x'${bytes}', CAST(${text} AS BINARY))`);
  const isText = `HEX(CONVERT(${text} USING ${charset})) = HEX(${column}) AND NOT (${found.join(' OR ')})`;
  return `IF(${isText}, HEX(${text}), HEX(${column}))`;
}

const questions: readonly Question[] = [
  { types: /^(tinyint|smallint|mediumint|int|bigint|year|bit)$/, asked: (c) => `${c} + 0` },
  { types: /^(decimal|date|time|datetime|timestamp)$/, asked: (c) => `CAST(${c} AS CHAR)` },
  { types: /^(float|double)$/, asked: (c) => `${c} + 0e0` },
  {
    types: /^(char|varchar|tinytext|text|mediumtext|longtext|enum|set)$/,
    asked: askedText,
  },
  { types: /^json$/, asked: (c) => `HEX(CAST(${c} AS CHAR))` },
  { types: /./, asked: (c) => `HEX(${c})` },
];

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
const lines = (output: string): string[] => output.split('\n').slice(1, -1);

/** The rows of every table of a schema in an order of their own, and the columns they have: `table → lines`. */
export async function rowsOf(server: RunningServer, schema: string): Promise<Map<string, string[]>> {
  const columns = lines(
    await server.query(
      `SET NAMES utf8mb4; SELECT c.table_name, HEX(c.column_name), c.data_type, COALESCE(c.character_set_name, '-') FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
       WHERE table_schema = '${schema}' AND table_type <> 'VIEW' AND c.column_name NOT IN ('row_start', 'row_end') ORDER BY c.table_name, c.ordinal_position`,
    ),
  ).map((line) => line.split('\t'));
  const tables = new Map<string, string[]>();
  const floating = new Map<string, boolean[]>();
  for (const [table, hex, type, charset] of columns) {
    const name = quote(Buffer.from(hex!, 'hex').toString());
    const { asked } = questions.find(({ types }) => types.test(type!))!;
    tables.set(table!, [...(tables.get(table!) ?? []), asked(name, charset!)]);
    floating.set(table!, [...(floating.get(table!) ?? []), /^(float|double)$/.test(type!)]);
  }
  const found = new Map<string, string[]>();
  for (const [table, list] of tables) {
    // oxlint-disable-next-line no-await-in-loop -- one table after the other
    const answer = await server.query(
      `SET NAMES utf8mb4, time_zone = '+00:00'; SELECT ${list.join(', ')} FROM ${quote(schema)}.${quote(table)}`,
    );
    // The families print the digits of a float in their own ways.
    const normal = (text: string, index: number): string =>
      floating.get(table)![index] === true && text !== 'NULL' ? String(Number(text)) : text;
    found.set(
      table,
      lines(answer)
        .map((line) => line.split('\t').map(normal).join('\t'))
        .sort(),
    );
  }
  return found;
}

/**
 * The servers' own CHECKSUM TABLE of the tables of a schema without virtual columns: it counts bits that say whether those are NULL, which
 * MariaDB has set at the source and not at its own replica. And without versioned tables that have blobs: it counts rows that have ended, which
 * MariaDB logs without those where `binlog_row_image` is NOBLOB.
 */
export async function checksumsOf(server: RunningServer, schema: string): Promise<string[]> {
  const names = lines(
    await server.query(
      `SELECT HEX(table_name) FROM information_schema.tables WHERE table_schema = '${schema}' AND table_type <> 'VIEW' AND table_name NOT IN
       (SELECT table_name FROM information_schema.columns WHERE table_schema = '${schema}' AND extra LIKE '%VIRTUAL%') AND NOT (table_type = 'SYSTEM VERSIONED'
       AND table_name IN (SELECT table_name FROM information_schema.columns WHERE table_schema = '${schema}' AND data_type REGEXP 'blob|text|geom|point|linestring|polygon'))
       ORDER BY table_name`,
    ),
  );
  if (names.length === 0) return [];
  const tables = names.map((name) => `${quote(schema)}.${quote(Buffer.from(name, 'hex').toString())}`);
  return lines(await server.query(`CHECKSUM TABLE ${tables.join(', ')} EXTENDED`));
}
