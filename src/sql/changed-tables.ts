import { Token } from './lexer.ts';
import type { StatementReader } from './reader.ts';
import type { TableName } from './statement.ts';

/** A table as an UPDATE or DELETE of several refers to it. */
interface Reference {
  readonly alias: string | undefined;
  /** Undefined: a query or a function that gives rows. */
  readonly table: TableName | undefined;
}

/** What may stand behind a table and is no other name for it. */
const BEHIND_TABLE: ReadonlySet<string> = new Set([
  'JOIN',
  'INNER',
  'CROSS',
  'LEFT',
  'RIGHT',
  'NATURAL',
  'STRAIGHT_JOIN',
  'ON',
  'USING',
  'SET',
  'USE',
  'FORCE',
  'IGNORE',
  'WHERE',
  'ORDER',
  'LIMIT',
  'FOR',
]);
const SET: ReadonlySet<string> = new Set(['SET']);
const QUERY_WORDS: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'VALUES', 'TABLE']);
const ENDS_REFERENCES: ReadonlySet<string> = new Set(['WHERE', 'ORDER', 'LIMIT', 'RETURNING']);

/** What an UPDATE is about. */
export interface Updated {
  /** The text names one table, and no more. */
  readonly one: TableName | undefined;
  /**
   * Those of several that change, in the order of the references. Empty where the text alone does not say: a column without its table is of
   * whichever has it.
   */
  readonly tables: readonly TableName[];
}

/** Reads `references SET …`. */
export function updatedTables(reader: StatementReader): Updated {
  const references = referencesUpTo(reader, SET);
  const one = references.length === 1 ? references[0]!.table : undefined;
  return { one, tables: one === undefined ? changedOf(references, assignedTables(reader)) : [] };
}

/** The tables of the columns behind SET; none where one of them has no table. */
function assignedTables(reader: StatementReader): readonly TableName[] {
  const targets: TableName[] = [];
  while (reader.accept('SET') || reader.acceptSymbol(',')) {
    const first = reader.tableName();
    if (first?.schema === undefined) return [];
    // `table.column`, or `schema.table.column`, of which the column is left.
    if (reader.acceptSymbol('.')) {
      reader.tableName();
      targets.push(first);
    } else targets.push({ schema: undefined, table: first.schema });
    while (!reader.atStatementEnd && !reader.isSymbol(',') && !ENDS_REFERENCES.has(reader.word)) {
      if (reader.isSymbol('(')) reader.skipParentheses();
      else reader.advance();
    }
  }
  return targets;
}

/**
 * Tables that `targets FROM references` or `targets USING references` deletes from, in the order of the references. Empty where that cannot be
 * told. `first`: of the targets, where it has been read.
 */
export function deletedTables(reader: StatementReader, first?: TableName): readonly TableName[] {
  const targets: TableName[] = [];
  for (let name = first ?? reader.tableName(); name !== undefined; name = reader.tableName()) {
    // `t.*` and `s.t.*` are t and s.t.
    targets.push(name.table === '' ? { schema: undefined, table: name.schema! } : name);
    reader.acceptSymbol('.');
    reader.acceptSymbol('*');
    if (!reader.acceptSymbol(',')) break;
  }
  if (!reader.accept('FROM', 'USING')) return [];
  return changedOf(referencesUpTo(reader, ENDS_REFERENCES), targets);
}

function changedOf(references: readonly Reference[], targets: readonly TableName[]): readonly TableName[] {
  const isMeant = ({ alias, table }: Reference, target: TableName): boolean => {
    if (target.schema === undefined) return (alias ?? table?.table) === target.table;
    return alias === undefined && table?.schema === target.schema && table.table === target.table;
  };
  const changed = references.filter((reference) => targets.some((target) => isMeant(reference, target)));
  const tables = changed.flatMap(({ table }) => table ?? []);
  const isKnown = targets.every((target) => references.some((reference) => isMeant(reference, target)));
  return isKnown && tables.length === changed.length ? tables : [];
}

/** The tables in front of one of the words. What an ON or USING says of them is passed over. */
function referencesUpTo(reader: StatementReader, ends: ReadonlySet<string>): readonly Reference[] {
  const references: Reference[] = [];
  let isDue = true;
  while (!reader.atStatementEnd && !ends.has(reader.word)) {
    if (!isDue) {
      isDue = reader.isSymbol(',') || reader.word === 'JOIN' || reader.word === 'STRAIGHT_JOIN';
      if (reader.isSymbol('(')) reader.skipParentheses();
      else reader.advance();
    } else if (reader.isSymbol('(')) {
      reader.advance();
      if (QUERY_WORDS.has(reader.word)) {
        reader.closeParenthesis();
        references.push({ alias: aliasOf(reader), table: undefined });
        isDue = false;
      }
    } else if (!reader.accept('LATERAL')) {
      const table = reader.tableName();
      if (table === undefined) return [];
      const isFunction = reader.isSymbol('(');
      if (reader.accept('PARTITION') || isFunction) reader.skipParentheses();
      references.push({ alias: aliasOf(reader), table: isFunction ? undefined : table });
      isDue = false;
    }
  }
  return references;
}

function aliasOf(reader: StatementReader): string | undefined {
  const { token } = reader.lexer;
  if (
    reader.accept('AS') ||
    token === Token.QUOTED ||
    (token === Token.WORD && !BEHIND_TABLE.has(reader.word))
  )
    return reader.tableName()?.table;
  return undefined;
}
