import type { QualifiedName, TableStatement } from '../../sql/index.ts';
import { alter } from './alter.ts';
import { type CatalogChange, changesBetween, moved } from './catalog-change.ts';
import { createdTable } from './created-table.ts';
import { CatalogError } from './error.ts';
import { refersTo, relinkedKeys } from './foreign-key.ts';
import { shownBefore } from './partitions.ts';
import type { StatementContext } from './statement-context.ts';
import { type ForeignKey, sameName, type Table } from './table.ts';
import { namedCollation, resolvedCollation, type TextCollation } from './text-collation.ts';

/**
 * The tables of a source, as the definitions in its log made them. Statements change it; what they cannot be followed through is an
 * error, and the table is not guessed.
 */
export class Catalog {
  readonly #tables = new Map<string, Table>();
  readonly #schemas = new Map<string, string>();

  get tables(): Iterable<Table> {
    return this.#tables.values();
  }

  /** With the name of their collation, or of their character set where that alone is known. */
  get schemas(): Iterable<readonly [name: string, collation: string]> {
    return this.#schemas;
  }

  /** Forgets everything. */
  clear(): void {
    this.#tables.clear();
    this.#schemas.clear();
  }

  get(schema: string, name: string): Table | undefined {
    return this.#tables.get(keyOfTable(schema, name));
  }

  /** Takes a table as it is: from a snapshot, from the source, or from the metadata of a log. */
  set(table: Table): void {
    this.#tables.set(keyOfTable(table.schema, table.name), table);
  }

  /** The tables with foreign keys to this one. */
  referring(parent: Table): { readonly table: Table; readonly key: ForeignKey }[] {
    const found: { table: Table; key: ForeignKey }[] = [];
    for (const table of this.#tables.values())
      for (const key of table.foreignKeys ?? []) if (refersTo(table, key, parent)) found.push({ table, key });
    return found;
  }

  /** The default collation of a schema, or its character set where that alone is known; undefined: it was there before the log. */
  collationOf(schema: string): string | undefined {
    return this.#schemas.get(schema);
  }

  setSchema(name: string, collation: string): void {
    this.#schemas.set(name, collation);
  }

  /**
   * Follows a statement.
   *
   * @returns what changed, in order; nothing for statements that concern no table
   * @throws CatalogError the statement was not understood, or does not fit the tables known
   */
  follow(statement: TableStatement, context: StatementContext): CatalogChange[] {
    switch (statement.kind) {
      case 'other':
        return [];
      case 'unknown':
        throw new CatalogError(`a definition was not understood: ${statement.reason}`);
      case 'createSchema': {
        const { schema, ifNotExists, orReplace } = statement;
        const dropped = orReplace ? this.#dropSchema(schema) : [];
        if (!ifNotExists || !this.#schemas.has(schema)) this.#defineSchema(schema, statement, context);
        return [...dropped, { kind: 'createSchema', schema }];
      }
      case 'alterSchema': {
        const { schema = context.schema, charset, collation } = statement;
        if (charset !== undefined || collation !== undefined) this.#defineSchema(schema, statement, context);
        return [];
      }
      case 'dropSchema':
        return this.#dropSchema(statement.schema);
      case 'createTable':
        return this.#create(statement, context);
      case 'dropTables':
        return statement.temporary ? [] : statement.tables.flatMap((name) => this.#drop(name, context));
      case 'renameTables':
        return statement.pairs.flatMap(({ from, to }) => this.#rename(from, to, context));
      case 'truncateTable': {
        const table = this.#find(statement.table, context);
        return table === undefined ? [] : [{ kind: 'truncateTable', table }];
      }
      case 'alterTable':
        return this.#alter(statement, context);
    }
  }

  #defineSchema(
    schema: string,
    named: Pick<Extract<TableStatement, { kind: 'alterSchema' }>, 'charset' | 'collation'>,
    context: StatementContext,
  ): void {
    const usual = namedCollation(context.collation, context);
    const { charset, collation } = resolvedCollation(
      named,
      context,
      usual,
      this.#collationOf(schema, context),
    );
    this.#schemas.set(schema, collation ?? charset);
  }

  /** What tables of a schema have that name no collation. */
  #collationOf(schema: string, context: StatementContext): TextCollation {
    return namedCollation(this.#schemas.get(schema) ?? context.collation, context);
  }

  #find({ schema, name }: QualifiedName, context: StatementContext): Table | undefined {
    return this.get(schema ?? context.schema, name);
  }

  #forget(table: Table): void {
    this.#tables.delete(keyOfTable(table.schema, table.name));
  }

  #dropSchema(schema: string): CatalogChange[] {
    this.#schemas.delete(schema);
    const tables = [...this.#tables.values()].filter((table) => table.schema === schema);
    for (const table of tables) this.#forget(table);
    return [{ kind: 'dropSchema', schema, tables }];
  }

  #drop(name: QualifiedName, context: StatementContext): CatalogChange[] {
    const table = this.#find(name, context);
    // Not known: it never had rows that came here.
    if (table === undefined) return [];
    this.#forget(table);
    return [{ kind: 'dropTable', table }];
  }

  #rename(from: QualifiedName, to: QualifiedName, context: StatementContext): CatalogChange[] {
    const found = this.#find(from, context);
    if (found === undefined) return [];
    const shown = shownBefore(found.partitioning, context.seconds);
    const before = shown === undefined ? found : { ...found, partitioning: shown };
    const after = moved(before, { schema: to.schema ?? context.schema, name: to.name });
    this.#forget(before);
    this.set(after);
    return [{ kind: 'renameTable', before, after }, ...this.#relink(before, after, (column) => column)];
  }

  /** Foreign keys follow the table that they refer to. */
  #relink(before: Table, after: Table, nameOf: (column: string) => string): CatalogChange[] {
    return [...this.#tables.values()].flatMap((table): CatalogChange[] => {
      const foreignKeys = relinkedKeys(table, before, after, nameOf);
      if (foreignKeys === undefined) return [];
      const linked = { ...table, foreignKeys };
      this.set(linked);
      return [{ kind: 'changeForeignKeys', table: linked }];
    });
  }

  #create(
    statement: Extract<TableStatement, { kind: 'createTable' }>,
    context: StatementContext,
  ): CatalogChange[] {
    const { table: name, ifNotExists, orReplace } = statement;
    // Rows of temporary tables are not logged.
    if (statement.temporary) return [];
    const existing = this.#find(name, context);
    if (existing !== undefined && ifNotExists) return [];
    const dropped: CatalogChange[] = existing !== undefined && orReplace ? this.#drop(name, context) : [];
    const schema = name.schema ?? context.schema;
    const table =
      statement.like === undefined
        ? createdTable(schema, statement, this.#collationOf(schema, context), context)
        : this.#copy(schema, name.name, statement.like, context);
    this.set(table);
    return [...dropped, { kind: 'createTable', table }];
  }

  #copy(schema: string, name: string, like: QualifiedName, context: StatementContext): Table {
    const model = this.#find(like, context);
    if (model === undefined) {
      throw new CatalogError(
        `CREATE TABLE ${schema}.${name} LIKE ${like.schema ?? context.schema}.${like.name}: that table is not known`,
      );
    }
    const { partitioning: known, ...rest } = model;
    const partitioning = shownBefore(known, context.seconds);
    return {
      ...rest,
      schema,
      name,
      foreignKeys: [],
      ...(partitioning === undefined ? {} : { partitioning }),
    };
  }

  #alter(
    { table: name, changes: wanted }: Extract<TableStatement, { kind: 'alterTable' }>,
    context: StatementContext,
  ): CatalogChange[] {
    const before = this.#find(name, context);
    if (before === undefined) return [];
    const {
      table: after,
      sources,
      taken,
    } = alter(before, wanted, context, {
      table: this.#collationOf(before.schema, context),
      session: this.#collationOf(context.schema, context),
    });
    this.#forget(before);
    this.set(after);
    const nameOf = (column: string): string => {
      const from = before.columns.findIndex(({ name: known }) => sameName(known, column));
      return after.columns[sources.indexOf(from)]?.name ?? column;
    };
    return [
      ...emptied(before, taken),
      ...changesBetween(before, after, sources),
      ...this.#relink(before, after, nameOf),
    ];
  }
}

function emptied(table: Table, partitions: readonly number[] | 'all'): CatalogChange[] {
  if (partitions === 'all') return [{ kind: 'truncateTable', table }];
  return partitions.length === 0 ? [] : [{ kind: 'emptyPartitions', table, partitions }];
}

const keyOfTable = (schema: string, name: string): string => JSON.stringify([schema, name]);
