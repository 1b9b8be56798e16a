import { ServerError } from '../../../errors/index.ts';
import type { ShowStatement } from '../../../sql/index.ts';
import { type Answer, columns, type ResultRow, rows } from '../answer.ts';
import { type Context, demand } from '../context.ts';

/** Where the tables are that channels fill. */
export const STORED_ENGINE = 'SQLite';

/** SHOW ENGINES and information_schema.ENGINES. InnoDB is named as by a server that has it switched off: monitors look for it. */
export const engineRows: readonly (string | null)[][] = [
  ['PERFORMANCE_SCHEMA', 'DEFAULT', 'Views of the relay', 'NO', 'NO', 'NO'],
  [STORED_ENGINE, 'YES', 'Tables that channels fill', 'NO', 'NO', 'NO'],
  ['InnoDB', 'DISABLED', 'Supports transactions, row-level locking, and foreign keys', null, null, null],
];

const STATUS = columns('Type Name Status');

/** What an engine that is switched off tells of itself is that one word. @throws ServerError 1286 */
export function showEngine(
  { engine, what }: Extract<ShowStatement, { kind: 'showEngine' }>,
  context: Context,
): Answer {
  demand(context, 'PROCESS', 'PROCESS');
  const known = engineRows.find(([name]) => name?.toLowerCase() === engine.toLowerCase());
  if (known === undefined) throw new ServerError(1286, '42000', `Unknown storage engine '${engine}'`);
  const [name = null, support] = known;
  const isOff: ResultRow[] = support === 'DISABLED' && what === 'STATUS' ? [[name, '', 'DISABLED']] : [];
  return rows(STATUS, isOff);
}
