import type { QualifiedName, TableChange, TableStatement } from '../../sql/index.ts';

/** What a schema of the source is called in the target. */
export type SchemaNames = (schema: string) => string;

/** A statement with the schemas that it names under their names in the target. */
export function renameSchemas(statement: TableStatement, nameOf: SchemaNames): TableStatement {
  const table = (name: QualifiedName): QualifiedName =>
    name.schema === undefined ? name : { ...name, schema: nameOf(name.schema) };
  switch (statement.kind) {
    case 'createTable':
      return {
        ...statement,
        table: table(statement.table),
        like: statement.like === undefined ? undefined : table(statement.like),
        foreignKeys: statement.foreignKeys.map((key) => ({ ...key, parent: table(key.parent) })),
      };
    case 'alterTable':
      return {
        ...statement,
        table: table(statement.table),
        changes: statement.changes.map(
          (change): TableChange =>
            change.kind === 'renameTable'
              ? { ...change, to: table(change.to) }
              : change.kind === 'addForeignKey'
                ? { ...change, key: { ...change.key, parent: table(change.key.parent) } }
                : change,
        ),
      };
    case 'renameTables':
      return {
        ...statement,
        pairs: statement.pairs.map(({ from, to }) => ({ from: table(from), to: table(to) })),
      };
    case 'dropTables':
      return { ...statement, tables: statement.tables.map(table) };
    case 'truncateTable':
      return { ...statement, table: table(statement.table) };
    case 'createSchema':
    case 'dropSchema':
      return { ...statement, schema: nameOf(statement.schema) };
    case 'alterSchema':
      return statement.schema === undefined ? statement : { ...statement, schema: nameOf(statement.schema) };
    default:
      return statement;
  }
}
