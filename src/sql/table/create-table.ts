import { columnDefinition } from './column-definition.ts';
import type { QualifiedName, TableStatement } from './definition.ts';
import { indexClause, startsIndex } from './index-definition.ts';
import { partitionBy } from './partition-by.ts';
import { PartitionTokens } from './partition-tokens.ts';
import type { DefinitionReader } from './reader.ts';
import { NO_OPTIONS, tableOptions } from './table-options.ts';

interface Flags {
  readonly temporary: boolean;
  readonly orReplace: boolean;
}

/** CREATE [OR REPLACE] [TEMPORARY] TABLE, with these words taken. */
export function createTable(reader: DefinitionReader, { temporary, orReplace }: Flags): TableStatement {
  const ifNotExists = reader.ifNotExists();
  const table = reader.qualifiedName();
  const base = { kind: 'createTable', table, temporary, ifNotExists, orReplace } as const;
  if (reader.accept('LIKE')) return { ...base, ...EMPTY, like: reader.qualifiedName() };
  const elements: Elements = { columns: [], indexes: [], foreignKeys: [] };
  if (reader.acceptSymbol('(')) {
    if (reader.accept('LIKE')) {
      const like = reader.qualifiedName();
      reader.expectSymbol(')');
      return { ...base, ...EMPTY, like };
    }
    // CREATE TABLE t (SELECT …)
    if (QUERY.has(reader.word)) return { ...base, ...EMPTY, select: true };
    do element(reader, elements);
    while (reader.acceptSymbol(','));
    reader.expectSymbol(')');
  }
  const options = tableOptions(reader);
  const partitioning = partitions(reader);
  reader.accept('IGNORE', 'REPLACE');
  reader.accept('AS');
  const select = QUERY.has(reader.word) || reader.isSymbol('(');
  if (!select && !reader.atStatementEnd) reader.fail('an option of a table');
  return {
    ...base,
    ...elements,
    options,
    partitioning,
    like: undefined as QualifiedName | undefined,
    select,
  };
}

const EMPTY = {
  columns: [],
  indexes: [],
  foreignKeys: [],
  options: NO_OPTIONS,
  partitioning: undefined,
  like: undefined,
  select: false,
} as const;
const QUERY = new Set(['SELECT', 'WITH', 'TABLE', 'VALUES']);

type Definition = Extract<TableStatement, { kind: 'createTable' }>;
type Elements = {
  -readonly [Key in 'columns' | 'indexes' | 'foreignKeys']: Definition[Key][number][];
};

function element(reader: DefinitionReader, { columns, indexes, foreignKeys }: Elements): void {
  if (startsIndex(reader)) {
    const clause = indexClause(reader);
    if (clause?.kind === 'addIndex') indexes.push(clause.index);
    if (clause?.kind === 'addForeignKey') foreignKeys.push(clause.key);
    return;
  }
  if (reader.word === 'PERIOD') periodOrColumn(reader, columns);
  else columns.push(columnDefinition(reader));
}

/** PERIOD FOR SYSTEM_TIME (a, b), unless a column has that name. */
function periodOrColumn(reader: DefinitionReader, columns: Elements['columns']): void {
  const name = reader.name();
  if (!reader.accept('FOR')) {
    columns.push(columnDefinition(reader, name));
    return;
  }
  reader.name();
  reader.skipParentheses();
}

/** PARTITION BY … to the end or to a query. */
function partitions(reader: DefinitionReader): Definition['partitioning'] {
  if (!reader.accept('PARTITION')) return undefined;
  reader.expect('BY');
  return partitionBy(new PartitionTokens(reader, BEHIND_PARTITIONS));
}

const BEHIND_PARTITIONS = new Set([...QUERY, 'AS', 'IGNORE', 'REPLACE']);
