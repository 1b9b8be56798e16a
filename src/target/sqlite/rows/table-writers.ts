import type { Flavor, TableMap } from '../../../binlog/index.ts';
import type { ConflictError } from '../../conflict.ts';
import type { Expressions } from '../../expressions.ts';
import {
  type Catalog,
  CatalogError,
  describeColumns,
  hasAction,
  isDescribed,
  isSequence,
  looksLikeSequence,
  namedColumns,
  type Table,
  tableOfLog,
} from '../../schema/index.ts';
import type { ConflictRule, SourceLookUp } from '../../target.ts';
import { adoptTable } from '../definition/follow.ts';
import type { SchemaFiles } from '../files/schema-files.ts';
import type { StateFile } from '../files/state-file.ts';
import { Conflicts } from './conflicts.ts';
import { ReferentialActions } from './referential-actions.ts';
import { TableWriter } from './table-writer.ts';

export interface TableWritersOptions {
  readonly conflicts?: ConflictRule;
  /** Told of each row that was not as the source had it, where `conflicts` goes on. */
  readonly onConflict?: (conflict: ConflictError) => void;
  readonly lookUp?: SourceLookUp;
  /** Works out stored generated columns that the log leaves out. */
  readonly expressions?: Expressions;
}

/** What writes the rows of each table. MariaDB's sequences are no tables: what they gave out is in the rows that asked for it. */
export type RowsWriter = TableWriter | 'sequence';

/** The writers of a channel's tables, by the table maps of the log, which are the same objects while the table is. */
export class TableWriters {
  readonly #catalog: Catalog;
  readonly #files: SchemaFiles;
  readonly #state: StateFile;
  readonly #lookUp: TableWritersOptions['lookUp'];
  readonly #conflicts: Conflicts;
  readonly #expressions: Expressions | undefined;
  #writers = new WeakMap<TableMap, RowsWriter>();

  constructor(catalog: Catalog, files: SchemaFiles, state: StateFile, options: TableWritersOptions) {
    this.#catalog = catalog;
    this.#files = files;
    this.#state = state;
    this.#lookUp = options.lookUp;
    this.#expressions = options.expressions;
    this.#conflicts = new Conflicts(options.conflicts ?? 'stop', options.onConflict);
  }

  /** The writer that was made for this map, while its statements are kept. */
  known(map: TableMap): RowsWriter | undefined {
    const writer = this.#writers.get(map);
    return writer !== undefined && writer !== 'sequence' && writer.isOld ? undefined : writer;
  }

  /** Tables have changed. */
  forget(): void {
    this.#writers = new WeakMap();
  }

  /** Makes the writer for a map. `flavor`: of the source. @throws CatalogError nobody says which columns the table has */
  async make(map: TableMap, flavor: Flavor): Promise<RowsWriter> {
    const table = await this.#tableOf(map, flavor);
    const writer = table === 'sequence' ? table : await this.#writerOf(table, map, flavor);
    this.#writers.set(map, writer);
    return writer;
  }

  async #writerOf(table: Table, map: TableMap, flavor: Flavor): Promise<TableWriter> {
    describeColumns(map, table, flavor);
    const file = await this.#files.of(table.schema);
    const actions = new ReferentialActions(this.#catalog, file);
    const isReferredTo = actions.columnsOf(table).length > 0;
    const followed = isReferredTo ? actions : undefined;
    return new TableWriter(table, file, flavor, this.#conflicts, followed, this.#expressions);
  }

  async #tableOf(map: TableMap, flavor: Flavor): Promise<Table | 'sequence'> {
    const [schema, name] = [map.schema.toString(), map.table.toString()];
    const known = this.#catalog.get(schema, name);
    if (known !== undefined) return known;
    const shown = await this.#lookUp?.table(schema, name);
    // The source shows the table as it is now; where it has changed since, the log may describe what it was.
    const isOther = isDescribed(map) && !(shown !== undefined && fits(map, shown));
    const found = isOther ? { ...tableOfLog(map, flavor), foreignKeys: shown?.foreignKeys ?? [] } : shown;
    if (found === undefined ? looksLikeSequence(map) : isSequence(found)) return 'sequence';
    if (found === undefined) {
      throw new CatalogError(`the columns of ${schema}.${name} are not known`, {
        context: { table: `${schema}.${name}` },
        hint: 'Begin where the table is created, or set binlog_row_metadata=FULL on the source.',
      });
    }
    await this.#learn(found);
    return found;
  }

  /** A table of the source that was there before the channel began. */
  async #learn(table: Table): Promise<void> {
    this.#catalog.set(table);
    // Rows of the tables that it refers to change some of its own from now on.
    if (table.foreignKeys?.some(hasAction) === true) this.forget();
    this.#state.saveTable(table);
    const file = await this.#files.of(table.schema);
    if (this.#files.enter(file)) adoptTable(file, table);
  }
}

/** Whether rows of the log are rows of this definition. */
function fits(map: TableMap, { columns }: Table): boolean {
  const logged = namedColumns(map);
  return logged.length === columns.length && logged.every(({ name }, index) => name === columns[index]!.name);
}
