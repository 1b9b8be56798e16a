import { deletedTables, updatedTables } from './changed-tables.ts';
import type { StatementReader } from './reader.ts';
import type { StatementKind, TableName } from './statement.ts';

/** Data statements: what they are and which table they name as their target. */
export interface DataStatement {
  readonly kind: StatementKind;
  readonly tables: readonly TableName[];
}

const INSERT_WORDS = ['LOW_PRIORITY', 'DELAYED', 'HIGH_PRIORITY', 'IGNORE', 'INTO'];
const QUERY_WORDS: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'TABLE']);

/** Whether parentheses at hand hold a query rather than columns. Leaves the reader behind the `(`. */
function opensQuery(reader: StatementReader): boolean {
  while (reader.acceptSymbol('('));
  return QUERY_WORDS.has(reader.word) || reader.word === 'VALUES';
}

/** INSERT and REPLACE, with the first word taken. */
export function insert(reader: StatementReader, verb: 'insert' | 'replace'): DataStatement {
  reader.skipWords(...INSERT_WORDS);
  const name = reader.tableName();
  const tables = name === undefined ? [] : [name];
  if (reader.accept('PARTITION')) reader.skipParentheses();
  let fromQuery = false;
  if (reader.isSymbol('(')) {
    fromQuery = opensQuery(reader);
    if (!fromQuery) reader.closeParenthesis();
  }
  if (!fromQuery) fromQuery = reader.isSymbol('(') ? opensQuery(reader) : QUERY_WORDS.has(reader.word);
  return { kind: fromQuery ? `${verb}Select` : verb, tables };
}

/** UPDATE, with the first word taken. More than one table, or a join or a subquery, makes it a multi-table one. */
export function update(reader: StatementReader): DataStatement {
  reader.skipWords('LOW_PRIORITY', 'IGNORE');
  const { one, tables } = updatedTables(reader);
  return one === undefined ? { kind: 'multiUpdate', tables } : { kind: 'update', tables: [one] };
}

/** DELETE, with the first word taken. */
export function deleteFrom(reader: StatementReader): DataStatement {
  reader.skipWords('LOW_PRIORITY', 'QUICK', 'IGNORE');
  // MariaDB: DELETE HISTORY FROM t
  reader.accept('HISTORY');
  if (!reader.accept('FROM')) return { kind: 'multiDelete', tables: deletedTables(reader) };
  const name = reader.tableName();
  if (name === undefined) return { kind: 'multiDelete', tables: [] };
  const isMulti = [',', '*', '.'].some((symbol) => reader.isSymbol(symbol)) || reader.word === 'USING';
  return isMulti
    ? { kind: 'multiDelete', tables: deletedTables(reader, name) }
    : { kind: 'delete', tables: [name] };
}

const INTO: ReadonlySet<string> = new Set(['INTO']);

/** LOAD DATA, LOAD XML and what else begins with LOAD; the first word is taken. */
export function load(reader: StatementReader): DataStatement {
  const what = reader.word;
  // MySQL 9: LOAD DATA … FROM, with the words of the bulk loader in between.
  if (what !== 'DATA' && what !== 'XML') return { kind: 'administrative', tables: [] };
  reader.seek(INTO);
  reader.advance();
  const name = reader.accept('TABLE') ? reader.tableName() : undefined;
  return { kind: what === 'DATA' ? 'loadData' : 'loadXml', tables: name === undefined ? [] : [name] };
}

const RESTRICT: ReadonlySet<string> = new Set(['RESTRICT']);

/** Goes behind the common table expressions of a WITH, whose first word is taken. */
export function skipCommonTables(reader: StatementReader): void {
  reader.accept('RECURSIVE');
  do {
    // The name, which may be any word that is not reserved.
    reader.advance();
    if (reader.isSymbol('(')) reader.skipParentheses();
    reader.accept('AS');
    if (reader.isSymbol('(')) reader.skipParentheses();
    if (reader.accept('CYCLE')) {
      reader.seek(RESTRICT);
      reader.advance();
    }
  } while (reader.acceptSymbol(','));
}
