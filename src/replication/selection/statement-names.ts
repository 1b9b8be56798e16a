import { decodeText } from '../../charset/index.ts';
import type { Statement, TableName } from '../../sql/index.ts';
import type { StatementReading } from './statement-reading.ts';

const isAscii = (name: string): boolean => /^[\0-\x7f]*$/.test(name);

/** A name of one character a byte, as text. */
export const nameText = (name: string, { charset = 'utf8mb4' }: StatementReading): string =>
  isAscii(name) ? name : decodeText(Buffer.from(name, 'latin1'), charset);

/** A statement with the names of its tables as text, as filters and privileges have them. */
export function withNames(statement: Statement, reading: StatementReading): Statement {
  const { tables } = statement;
  if (tables.every(({ schema = '', table }) => isAscii(schema) && isAscii(table))) return statement;
  const text = ({ schema, table }: TableName): TableName => ({
    schema: schema === undefined ? undefined : nameText(schema, reading),
    table: nameText(table, reading),
  });
  return { ...statement, tables: tables.map(text) };
}
