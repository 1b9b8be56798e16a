import { join } from 'node:path';
import type { Flavor, TableMap } from '../../binlog/index.ts';
import { RowlockError } from '../../errors/index.ts';
import type { SourcePosition } from '../../replication/index.ts';
import { openSqlite } from '../../store/index.ts';
import type { ConflictError } from '../conflict.ts';
import { checkGeneratedKey, hasPrimaryKey, TABLE_WITHOUT_KEY } from '../primary-key.ts';
import {
  Catalog,
  type CatalogChange,
  CatalogError,
  describeColumns,
  hasAction,
  isDescribed,
  isSequence,
  looksLikeSequence,
  type Table,
  tableOfLog,
} from '../schema/index.ts';
import type {
  ConflictRule,
  Definition,
  PositionMark,
  PrimaryKeyCheck,
  RowsOfTable,
  SourceTransaction,
  Target,
} from '../target.ts';
import { fileName } from './file-name.ts';
import { adoptTable, follow, renameTable } from './follow.ts';
import { completeLoad } from './load-phases.ts';
import type { DefiningSource } from './new-column.ts';
import { ReferentialActions } from './referential-actions.ts';
import { SchemaFile } from './schema-file.ts';
import { SqliteFolder } from './sqlite-folder.ts';
import { StateFile } from './state-file.ts';
import { TableWriter } from './table-writer.ts';

export interface SqliteTargetOptions {
  /** A database file a schema is made in it. */
  readonly folder: string;
  /** Whose log it is; a function where that is known later. */
  readonly flavor: Flavor | (() => Flavor);
  readonly conflicts?: ConflictRule;
  /** Told of each row that was not as the source had it, where `conflicts` goes on. */
  readonly onConflict?: (conflict: ConflictError) => void;
  /** Default: as the source had it. */
  readonly primaryKeys?: PrimaryKeyCheck;
  /** Asks the source for tables that its log does not describe; undefined: it has none of that name. */
  readonly lookUp?: (schema: string, table: string) => Promise<Table | undefined>;
}

/** Applies a channel to SQLite: a file a schema, and `rowlock.sqlite` for what the channel knows. */
export class SqliteTarget implements Target {
  readonly kind = 'sqlite';
  readonly catalog: Catalog = new Catalog();
  readonly #options: SqliteTargetOptions;
  readonly #files = new Map<string, SchemaFile>();
  /** By the table maps of the log, which are the same objects while the table is. */
  #writers = new WeakMap<TableMap, TableWriter | 'sequence'>();
  /** After a table moved between files: they are made durable in this order, at once. */
  #flushFirst: readonly SchemaFile[] = [];
  #channel = '';
  #state: StateFile | undefined;
  #folder: SqliteFolder | undefined;
  /** Number of the source transaction that is open, or was last. */
  #number = 0;
  #position: SourcePosition | undefined;
  /** Where the channel is, once the group is kept. */
  #after: PositionMark | undefined;
  #isDirty = false;
  /** Of the source transaction that is open. */
  #savepoints: string[] = [];

  constructor(options: SqliteTargetOptions) {
    this.#options = options;
  }

  async open(channel: string): Promise<SourcePosition | undefined> {
    const folder = await SqliteFolder.open(this.#options.folder);
    this.#folder = folder;
    this.#channel = channel;
    await folder.take(this);
    const state = new StateFile(folder.database, channel);
    await completeLoad(state, (schema) => this.#fileOf(schema, state));
    folder.giveBack(this);
    this.#state = state;
    this.#recallTables();
    const { applied, position } = state.read();
    this.#number = applied;
    this.#position = position;
    return position;
  }

  begin(_transaction: SourceTransaction): Promise<void> | undefined {
    this.#number += 1;
    this.#savepoints = [];
    return this.#folder!.take(this);
  }

  async rows({ map, rows }: RowsOfTable): Promise<void> {
    const writer = this.#writers.get(map) ?? (await this.#writerOf(map));
    if (writer === 'sequence') return;
    const { table, file } = writer;
    if (this.#isAhead(file)) return;
    file.enter(this.#savepoints);
    try {
      writer.write(rows, map);
    } catch (error) {
      if (error instanceof RowlockError) error.at({ table: `${table.schema}.${table.name}` });
      throw error;
    }
  }

  async define({ statement, context, event }: Definition): Promise<void> {
    const changes = this.catalog.follow(statement, context);
    const state = this.#state!;
    if (
      statement.kind === 'alterSchema' ||
      statement.kind === 'createSchema' ||
      statement.kind === 'dropSchema'
    ) {
      state.saveSchemas(this.catalog.schemas);
    }
    for (const made of changes) {
      const change = this.#keyed(made);
      await this.#follow(change, { flavor: this.#flavor, now: event.timestamp });
      this.#remember(change);
    }
    if (changes.length > 0) this.#writers = new WeakMap();
  }

  /** Holds a table that is made or changed against the rule for keys. @throws CatalogError with the server's number */
  #keyed(change: CatalogChange): CatalogChange {
    const { primaryKeys } = this.#options;
    if (primaryKeys !== 'ON' && primaryKeys !== 'GENERATE') return change;
    if (change.kind !== 'createTable' && change.kind !== 'alterTable') return change;
    const table = change.kind === 'createTable' ? change.table : change.after;
    try {
      if (primaryKeys === 'ON') {
        if (!hasPrimaryKey(table.columns, table.indexes)) throw withoutKey(table);
        return change;
      }
      if (change.kind === 'alterTable' || table.indexes.some(({ kind }) => kind === 'primary')) return change;
      checkGeneratedKey(table);
    } catch (error) {
      // The statement was followed, and is not carried out.
      this.#recallTables();
      throw error;
    }
    const keyed = { ...table, generatedKey: true } as const;
    this.catalog.set(keyed);
    return { kind: 'createTable', table: keyed };
  }

  savepoint(name: string): void {
    this.#savepoints.push(name);
    for (const file of this.#files.values()) file.savepoint(name);
  }

  rollbackTo(name: string): void {
    for (const file of this.#files.values()) file.rollbackTo(name);
  }

  keepPrepared(xid: string, events: Uint8Array): void {
    this.#state!.savePrepared(xid, events);
  }

  takePrepared(xid: string): Uint8Array | undefined {
    return this.#state!.takePrepared(xid);
  }

  commit(after: PositionMark | undefined): void {
    for (const file of this.#files.values()) file.commit();
    this.#state!.commit();
    this.#after = after ?? this.#after;
    this.#isDirty = true;
    if (this.#flushFirst.length > 0) this.flush();
  }

  async mark(position: SourcePosition): Promise<void> {
    await this.#folder!.take(this);
    this.#position = position;
    this.#isDirty = true;
    this.flush();
  }

  rollback(): void {
    for (const file of this.#files.values()) file.rollback();
    this.#number -= 1;
    this.#flushFirst = [];
    // Tables that were learned or changed in it are what they were.
    if (this.#state!.rollback()) this.#recallTables();
  }

  flush(): void {
    if (!this.#isDirty) {
      this.#discard();
      return;
    }
    this.#position = this.#after?.() ?? this.#position;
    this.#after = undefined;
    for (const file of [...this.#flushFirst, ...this.#files.values()])
      file.flush(this.#channel, this.#number);
    this.#flushFirst = [];
    this.#state!.flush(this.#number, this.#position);
    this.#isDirty = false;
    this.#folder!.giveBack(this);
  }

  /** What a transaction opened that was taken back. */
  #discard(): void {
    for (const file of this.#files.values()) file.discard();
    this.#state?.close();
    this.#folder?.giveBack(this);
  }

  close(): void {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
    this.#state?.close();
    this.#state = undefined;
    this.#folder?.close(this);
    this.#folder = undefined;
  }

  #recallTables(): void {
    const state = this.#state!;
    this.catalog.clear();
    this.#writers = new WeakMap();
    for (const [name, charset] of state.schemas()) this.catalog.setSchema(name, charset);
    for (const table of state.tables()) this.catalog.set(table);
  }

  /** A file that was made durable before a crash kept the rest from it has this transaction already. */
  #isAhead(file: SchemaFile): boolean {
    return file.applied >= this.#number;
  }

  /** MariaDB's sequences are no tables: what they gave out is in the rows that asked for it. */
  async #tableOf(map: RowsOfTable['map']): Promise<Table | 'sequence'> {
    const [schema, name] = [map.schema.toString(), map.table.toString()];
    const known = this.catalog.get(schema, name);
    if (known !== undefined) return known;
    const shown = await this.#options.lookUp?.(schema, name);
    // The source shows the table as it is now; where it has changed since, the log may describe what it was.
    const isOther = isDescribed(map) && !(shown !== undefined && fits(map, shown));
    const found = isOther ? { ...tableOfLog(map), foreignKeys: shown?.foreignKeys ?? [] } : shown;
    if (found === undefined ? looksLikeSequence(map) : isSequence(found)) return 'sequence';
    if (found === undefined) {
      throw new CatalogError(`the columns of ${schema}.${name} are not known`, {
        context: { table: `${schema}.${name}` },
        hint: 'Begin where the table is created, or set binlog_row_metadata=FULL on the source.',
      });
    }
    this.catalog.set(found);
    if (found.foreignKeys?.some(hasAction) === true) this.#writers = new WeakMap();
    this.#state!.saveTable(found, this.#number, this.#position);
    const file = await this.#fileOf(schema);
    if (!this.#isAhead(file)) {
      file.enter(this.#savepoints);
      adoptTable(file, found);
    }
    return found;
  }

  async #fileOf(schema: string, state: StateFile = this.#state!): Promise<SchemaFile> {
    let file = this.#files.get(schema);
    if (file === undefined) {
      const database = await openSqlite(join(this.#options.folder, fileName(schema)));
      file = new SchemaFile(schema, database, this.#channel, state.origin);
      this.#files.set(schema, file);
    }
    return file;
  }

  get #flavor(): Flavor {
    const { flavor } = this.#options;
    return typeof flavor === 'function' ? flavor() : flavor;
  }

  async #writerOf(map: TableMap): Promise<TableWriter | 'sequence'> {
    const table = await this.#tableOf(map);
    if (table === 'sequence') {
      this.#writers.set(map, table);
      return table;
    }
    describeColumns(map, table, this.#flavor);
    const file = await this.#fileOf(table.schema);
    const { conflicts = 'stop', onConflict } = this.#options;
    const actions = new ReferentialActions(this.catalog, file);
    const writer = new TableWriter(
      table,
      file,
      this.#flavor,
      conflicts,
      onConflict,
      actions.columnsOf(table).length > 0 ? actions : undefined,
    );
    this.#writers.set(map, writer);
    return writer;
  }

  async #follow(change: CatalogChange, source: DefiningSource): Promise<void> {
    if (change.kind === 'createSchema') {
      await this.#fileOf(change.schema);
      return;
    }
    if (change.kind === 'renameTable') {
      const from = await this.#fileOf(change.before.schema);
      const to = await this.#fileOf(change.after.schema);
      if (!this.#isAhead(to)) {
        to.enter(this.#savepoints);
        if (from !== to) from.enter(this.#savepoints);
        renameTable(from, to, change.before, change.after, source);
        // The rows must be safe where they go before they are gone where they were.
        if (from !== to) this.#flushFirst = [to, from];
      } else if (from !== to && !this.#isAhead(from)) {
        from.enter(this.#savepoints);
        follow(from, { kind: 'dropTable', table: change.before }, source);
      }
      return;
    }
    const file = await this.#fileOf(change.kind === 'dropSchema' ? change.schema : schemaOf(change));
    if (this.#isAhead(file)) return;
    file.enter(this.#savepoints);
    follow(file, change, source);
  }

  #remember(change: CatalogChange): void {
    const state = this.#state!;
    const drop = (table: Table): void => state.dropTable(table, this.#number, this.#position);
    const save = (table: Table): void => state.saveTable(table, this.#number, this.#position);
    if (change.kind === 'createTable' || change.kind === 'changeForeignKeys') save(change.table);
    else if (change.kind === 'dropTable') drop(change.table);
    else if (change.kind === 'renameTable' || change.kind === 'alterTable') {
      drop(change.before);
      save(change.after);
    } else if (change.kind === 'dropSchema') {
      for (const table of state.tables()) if (table.schema === change.schema) drop(table);
    }
  }
}

function schemaOf(
  change: Exclude<CatalogChange, { kind: 'createSchema' | 'dropSchema' | 'renameTable' }>,
): string {
  return change.kind === 'alterTable' ? change.after.schema : change.table.schema;
}

function withoutKey({ schema, name }: Table): CatalogError {
  const { errno, message } = TABLE_WITHOUT_KEY;
  return new CatalogError(message, { errno, context: { table: `${schema}.${name}` } });
}

/** Whether rows of the log are rows of this definition. */
function fits(map: TableMap, { columns }: Table): boolean {
  return (
    map.columns.length === columns.length &&
    map.columns.every(({ name }, index) => name === columns[index]!.name)
  );
}
