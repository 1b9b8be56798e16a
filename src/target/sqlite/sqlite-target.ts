import type { Flavor } from '../../binlog/index.ts';
import { RowlockError } from '../../errors/index.ts';
import type { SourcePosition } from '../../replication/index.ts';
import { type DiskError, diskError } from '../disk-error.ts';
import { Catalog } from '../schema/index.ts';
import type {
  Definition,
  PositionMark,
  PrimaryKeyCheck,
  RowsOfTable,
  SourceTransaction,
  Target,
} from '../target.ts';
import { FollowedDefinitions } from './definition/followed-definitions.ts';
import { SchemaFiles } from './files/schema-files.ts';
import { SqliteFolder } from './files/sqlite-folder.ts';
import { StateFile } from './files/state-file.ts';
import { completeLoad } from './load/load-phases.ts';
import { sqliteRefusal } from './refusal.ts';
import { TableWriters, type TableWritersOptions } from './rows/table-writers.ts';

export interface SqliteTargetOptions extends TableWritersOptions {
  /** A database file a schema is made in it. */
  readonly folder: string;
  /** Whose log it is; a function where that is known later. */
  readonly flavor: Flavor | (() => Flavor);
  /** Default: as the source had it. */
  readonly primaryKeys?: PrimaryKeyCheck;
}

/** What an open channel works with. */
interface Opened {
  readonly state: StateFile;
  readonly files: SchemaFiles;
  readonly writers: TableWriters;
  readonly definitions: FollowedDefinitions;
}

/** Applies a channel to SQLite: a file a schema, and `rowlock.sqlite` for what the channel knows. */
export class SqliteTarget implements Target {
  readonly kind = 'sqlite';
  readonly catalog: Catalog = new Catalog();
  readonly #options: SqliteTargetOptions;
  #folder: SqliteFolder | undefined;
  #opened: Opened | undefined;
  /** Where the channel is, once the group is kept. */
  #after: PositionMark | undefined;
  /** Something has been committed, or marked, since the last flush. */
  #isDirty = false;
  /** What the disk refused first. SQLite may have given the group up with it: nothing is written any more. */
  #failure: DiskError | undefined;

  constructor(options: SqliteTargetOptions) {
    this.#options = options;
  }

  open(channel: string): Promise<SourcePosition | undefined> {
    this.#failure = undefined;
    return this.#open(channel).catch((error: unknown) => this.#fail(error));
  }

  async #open(channel: string): Promise<SourcePosition | undefined> {
    const folder = await SqliteFolder.open(this.#options.folder);
    this.#folder = folder;
    await folder.take(this);
    const opened = this.#partsOf(new StateFile(folder.database, channel));
    this.#opened = opened;
    await completeLoad(opened.state, opened.files);
    folder.giveBack(this);
    this.#recallTables();
    return opened.state.position;
  }

  begin(_transaction: SourceTransaction): Promise<void> | undefined {
    const { state, files } = this.#opened!;
    state.applied += 1;
    files.begin();
    return this.#folder!.take(this);
  }

  rows(rows: RowsOfTable): Promise<void> {
    return this.#write(rows).catch((error: unknown) => this.#fail(error));
  }

  async #write({ map, rows }: RowsOfTable): Promise<void> {
    const { writers, files } = this.#opened!;
    const writer = writers.known(map) ?? (await writers.make(map, this.#flavor));
    if (writer === 'sequence') return;
    if (!files.enter(writer.file)) return;
    try {
      writer.write(rows, map);
    } catch (error) {
      const { schema, name } = writer.table;
      const failure = diskError(error) ?? sqliteRefusal(error) ?? error;
      if (failure instanceof RowlockError) failure.at({ table: `${schema}.${name}` });
      throw failure;
    }
  }

  async define(definition: Definition): Promise<void> {
    const { definitions, writers } = this.#opened!;
    try {
      if (await definitions.follow(definition, this.#flavor)) writers.forget();
    } catch (error) {
      // What of it was followed is not carried out.
      this.#guarded(() => this.#recallTables());
      const failure = diskError(error) ?? sqliteRefusal(error) ?? error;
      const { statement, context } = definition;
      if (failure instanceof RowlockError && 'table' in statement)
        failure.at({ table: `${statement.table.schema ?? context.schema}.${statement.table.name}` });
      this.#fail(failure);
    }
  }

  savepoint(name: string): void {
    this.#guarded(() => this.#opened!.files.savepoint(name));
  }

  rollbackTo(name: string): void {
    this.#guarded(() => this.#opened!.files.rollbackTo(name));
  }

  keepPrepared(xid: string, events: Uint8Array): void {
    this.#guarded(() => this.#opened!.state.savePrepared(xid, events));
  }

  takePrepared(xid: string): Uint8Array | undefined {
    return this.#opened!.state.takePrepared(xid);
  }

  commit(after: PositionMark | undefined): void {
    const { state, files } = this.#opened!;
    this.#guarded(() => {
      files.commit();
      state.commit();
    });
    this.#after = after ?? this.#after;
    this.#isDirty = true;
    if (files.mustFlush) this.flush();
  }

  async mark(position: SourcePosition): Promise<void> {
    await this.#folder!.take(this);
    this.#opened!.state.position = position;
    this.#isDirty = true;
    this.flush();
  }

  rollback(): void {
    if (this.#failure !== undefined) return;
    const { state, files } = this.#opened!;
    files.rollback();
    state.applied -= 1;
    // Tables that were learned or changed in it are what they were.
    if (state.rollback()) this.#recallTables();
  }

  flush(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#isDirty) {
      this.#discard();
      return;
    }
    const { state, files } = this.#opened!;
    state.position = this.#after?.() ?? state.position;
    this.#after = undefined;
    this.#guarded(() => {
      files.flush();
      state.flush();
    });
    this.#isDirty = false;
    this.#folder!.giveBack(this);
  }

  close(): void {
    this.#opened?.files.close();
    this.#opened?.state.close();
    this.#opened = undefined;
    this.#folder?.close(this);
    this.#folder = undefined;
  }

  /** What a transaction opened that was taken back. */
  #discard(): void {
    this.#opened?.files.discard();
    this.#opened?.state.close();
    this.#folder?.giveBack(this);
  }

  /** @throws DiskError what the disk refused first, where it was the disk; else the error */
  #fail(error: unknown): never {
    if (this.#failure === undefined) {
      this.#failure = diskError(error);
      if (this.#failure !== undefined) this.#failure.path = this.#options.folder;
    }
    throw this.#failure ?? sqliteRefusal(error) ?? error;
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #partsOf(state: StateFile): Opened {
    const { catalog } = this;
    const { folder, primaryKeys: keys, lookUp, expressions } = this.#options;
    const files = new SchemaFiles(folder, state);
    const writers = new TableWriters(catalog, files, state, this.#options);
    const definitions = new FollowedDefinitions({ catalog, files, state, keys, lookUp, expressions });
    return { state, files, writers, definitions };
  }

  #recallTables(): void {
    const { state, writers } = this.#opened!;
    this.catalog.clear();
    writers.forget();
    for (const [name, collation] of state.schemas()) this.catalog.setSchema(name, collation);
    for (const table of state.tables()) this.catalog.set(table);
  }

  get #flavor(): Flavor {
    const { flavor } = this.#options;
    return typeof flavor === 'function' ? flavor() : flavor;
  }
}
