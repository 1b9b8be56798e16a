import { ServerError } from '../../errors/index.ts';
import { syntaxError } from '../../sql/index.ts';
import { unknownTable } from './refusals.ts';

/** What SQLite says, in MySQL's words. */
export function inWordsOfMysql(cause: unknown): unknown {
  if (cause instanceof ServerError) return cause;
  const message = (cause as Error).message;
  const column = /no such column: (.*?)(?: - should .*)?$/s.exec(message)?.[1];
  if (column !== undefined)
    return new ServerError(1054, '42S22', `Unknown column '${column.replaceAll('"', '')}' in 'field list'`);
  // It went between the look at the tables and the look into their file.
  const [, schema, table] = /no such table: (.*?)\.(.*)$/s.exec(message) ?? [];
  if (schema !== undefined && table !== undefined) return unknownTable({ schema, table });
  const ambiguous = /ambiguous column name: (.*)$/s.exec(message)?.[1];
  if (ambiguous !== undefined)
    return new ServerError(1052, '23000', `Column '${ambiguous}' in field list is ambiguous`);
  if (/BY term out of range/.test(message))
    return new ServerError(1054, '42S22', `Unknown column '0' in 'order clause'`);
  if (/do not have the same number of result columns/.test(message))
    return new ServerError(1222, '21000', 'The used SELECT statements have a different number of columns');
  if (/row value misused/.test(message))
    return new ServerError(1241, '21000', 'Operand should contain 1 column(s)');
  if (/too many columns/.test(message)) return new ServerError(1117, 'HY000', 'Too many columns');
  if (/integer overflow/.test(message)) return new ServerError(1690, '22003', 'BIGINT value is out of range');
  const near = /near "(.*)": syntax error/s.exec(message)?.[1];
  if (near !== undefined) return syntaxError(near, 1);
  if (/incomplete input/.test(message)) return syntaxError('', 1);
  return new ServerError(1105, 'HY000', message);
}
