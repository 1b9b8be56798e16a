import type { TableChange, TableStatement } from './definition.ts';
import { indexParts, usingType } from './index-definition.ts';
import type { DefinitionReader } from './reader.ts';

/** CREATE [kind] INDEX, with these words taken: a change of its table. */
export function createIndex(
  reader: DefinitionReader,
  kind: 'unique' | 'index' | 'fulltext' | 'spatial' | 'vector',
): TableStatement {
  const ifNotExists = reader.ifNotExists();
  const name = reader.name();
  usingType(reader);
  reader.expect('ON');
  const table = reader.qualifiedName();
  const parts = indexParts(reader);
  return {
    kind: 'alterTable',
    table,
    ifExists: false,
    changes: [{ kind: 'addIndex', index: { kind, name, ...parts }, ifNotExists }],
  };
}

/** DROP INDEX, with these words taken. */
export function dropIndex(reader: DefinitionReader): TableStatement {
  const ifExists = reader.ifExists();
  const name = reader.name();
  reader.expect('ON');
  const table = reader.qualifiedName();
  const change: TableChange =
    name.toUpperCase() === 'PRIMARY'
      ? { kind: 'dropPrimaryKey' }
      : { kind: 'dropIndex', name, ifExists, constraint: false };
  return { kind: 'alterTable', table, ifExists: false, changes: [change] };
}
