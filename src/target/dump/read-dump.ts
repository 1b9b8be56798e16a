import { FormatError, UsageError } from '../../errors/index.ts';
import type { ReplicateFilter, SourcePosition } from '../../replication/index.ts';
import { parseTableStatement, type TableStatement } from '../../sql/index.ts';
import { Catalog, type CatalogChange, contextOfText, type Table } from '../schema/index.ts';
import { DumpFacts } from './dump-facts.ts';
import { DumpScanner } from './dump-scanner.ts';
import { headOf, takeSetting } from './dump-settings.ts';
import type { DumpSink } from './dump-sink.ts';
import { DumpWindow } from './dump-window.ts';
import { insertHead, nextRow } from './insert-rows.ts';
import { lostCharacters } from './narrow-charset.ts';
import { placeOf } from './read-dump-place.ts';
import { RowValues } from './row-values.ts';
import { TableLoad } from './table-load.ts';

/** How far the loading of a dump is. */
export interface DumpProgress {
  tables: number;
  rows: number;
  /** Of the dump, inflated. */
  bytes: number;
}

export interface DumpOptions {
  readonly sink: DumpSink;
  /** What is left out, and which schemas have another name in the target. */
  readonly filter: ReplicateFilter | undefined;
  /** Where replication goes on; undefined: where the dump says. */
  readonly start?: SourcePosition | undefined;
  readonly progress?: DumpProgress;
  /** Told once of what the dump has lost before it came here. */
  readonly warn?: (message: string) => void;
  /** Read at once at least; default 1 MiB. */
  readonly windowBytes?: number;
}

/** The servers' own: a target has no use for them, and a log does not speak of their rows. */
const SYSTEM_SCHEMAS: ReadonlySet<string> = new Set([
  'mysql',
  'sys',
  'information_schema',
  'performance_schema',
  'ndbinfo',
]);

/** After so many rows others have their turn. */
const ROWS_A_TURN = 500;

/** Statements about tables; all others are passed over. */
const DEFINITIONS = /^(?:\s|\/\*!\d*)*(?:CREATE|DROP|ALTER|RENAME|TRUNCATE)\s/i;
const USE = /^(?:\s|\/\*!\d*)*USE\s+/i;

/**
 * Loads a dump of mysqldump or mariadb-dump: tables and rows; views, routines, triggers and accounts are passed over. Reads it once, and
 * holds no more of it than the longest row.
 *
 * @returns where replication goes on
 * @throws FormatError, CatalogError the dump is not whole, or holds what cannot be loaded exactly; UsageError it does not say where it was taken
 */
export async function readDump(
  pieces: AsyncIterable<Uint8Array>,
  options: DumpOptions,
): Promise<SourcePosition> {
  const window = new DumpWindow(pieces, options.windowBytes);
  try {
    return await new DumpReader(window, options).read();
  } catch (error) {
    if (error instanceof FormatError) error.at({ position: window.place });
    throw error;
  } finally {
    await window.close();
  }
}

class DumpReader {
  readonly #window: DumpWindow;
  readonly #scanner: DumpScanner;
  readonly #options: DumpOptions;
  readonly #facts = new DumpFacts();
  readonly #catalog = new Catalog();
  readonly #row = new RowValues();
  /** The table whose rows come, and the form of their INSERTs. */
  #loading: { readonly key: string; readonly load: TableLoad } | undefined;
  #schema: string | undefined;
  #turn = 0;
  #isWarned = false;

  constructor(window: DumpWindow, options: DumpOptions) {
    this.#window = window;
    this.#scanner = new DumpScanner(window);
    this.#options = options;
  }

  async read(): Promise<SourcePosition> {
    const facts = this.#facts;
    const { sink, start } = this.#options;
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one piece after the other
      const piece = await this.#scanner.next();
      if (piece === undefined) break;
      if (piece.kind === 'comment') facts.comment(piece.text);
      // oxlint-disable-next-line no-await-in-loop -- one piece after the other
      else if (piece.kind === 'statement') await this.#statement(piece.sql);
      // oxlint-disable-next-line no-await-in-loop -- one piece after the other
      else await this.#rows();
      this.#count(0);
    }
    if (facts.isCommented && !facts.isComplete) {
      throw new FormatError('the dump lacks its last line: it is not whole', {
        hint: 'Look for an error of the program that made it, and make it again.',
      });
    }
    const place = start ?? placeOf(facts);
    await sink.finish(this.#schemas(), place);
    return place;
  }

  #count(rows: number): void {
    const { progress } = this.#options;
    if (progress === undefined) return;
    progress.rows += rows;
    progress.bytes = this.#window.place;
  }

  *#schemas(): Generator<readonly [string, string]> {
    for (const [name, collation] of this.#catalog.schemas) {
      if (!SYSTEM_SCHEMAS.has(name)) yield [this.#renamed(name), collation];
    }
  }

  async #statement(sql: Buffer): Promise<void> {
    const facts = this.#facts;
    if (takeSetting(sql, facts, this.#scanner)) return;
    const head = headOf(sql);
    if (USE.test(head)) {
      this.#schema = nameOf(sql.toString('utf8').replace(USE, ''));
      return;
    }
    if (!DEFINITIONS.test(head)) return;
    const { flavor, charset } = facts;
    const statement = parseTableStatement(sql, {
      flavor,
      ...(charset === undefined || charset === 'binary' ? {} : { charset }),
    });
    await this.#define(statement);
  }

  async #define(statement: TableStatement): Promise<void> {
    const isSchema = statement.kind === 'createSchema' || statement.kind === 'dropSchema';
    const schema = isSchema ? statement.schema : this.#current();
    if (SYSTEM_SCHEMAS.has(schema)) return;
    const context = contextOfText(schema, this.#facts.flavor);
    for (const change of this.#catalog.follow(statement, context)) {
      // oxlint-disable-next-line no-await-in-loop -- one change after the other
      await this.#follow(change);
    }
  }

  async #drop(table: Table): Promise<void> {
    this.#loading = undefined;
    if (this.#passes(table.schema, table.name)) await this.#options.sink.dropTable(this.#target(table));
  }

  async #follow(change: CatalogChange): Promise<void> {
    const { sink, progress } = this.#options;
    switch (change.kind) {
      case 'createSchema':
        if (this.#passes(change.schema, undefined)) await sink.createSchema(this.#renamed(change.schema));
        return;
      case 'createTable':
        if (!this.#passes(change.table.schema, change.table.name)) return;
        await sink.createTable(this.#target(change.table));
        if (progress !== undefined) progress.tables += 1;
        return;
      case 'dropTable':
        return this.#drop(change.table);
      case 'dropSchema':
        // oxlint-disable-next-line no-await-in-loop -- one table after the other
        for (const table of change.tables) await this.#drop(table);
        return;
      // No tool writes such a change either, and the rows are the same.
      case 'changeCollations':
        return;
      // Indexes that are made behind the rows would be the only ones; the tools do not write them so.
      default:
        throw new FormatError(
          `the dump changes a table that it has made (${change.kind}): that is not followed`,
        );
    }
  }

  async #rows(): Promise<void> {
    const window = this.#window;
    const row = this.#row;
    const head = await insertHead(window, this.#facts);
    const schema = head.schema ?? this.#current();
    const table = SYSTEM_SCHEMAS.has(schema) ? undefined : this.#catalog.get(schema, head.table);
    if (table === undefined && !SYSTEM_SCHEMAS.has(schema)) {
      throw new FormatError(`the dump has rows of ${schema}.${head.table}, and not its definition`, {
        hint: 'Make it without --no-create-info.',
      });
    }
    const loading =
      table !== undefined && this.#passes(schema, table.name)
        ? await this.#begin(table, head.columns)
        : undefined;
    while (await nextRow(window, row)) {
      if (loading?.take(row) === true) this.#count(1);
      this.#turn += 1;
      // oxlint-disable-next-line no-await-in-loop -- after many rows
      if (this.#turn % ROWS_A_TURN === 0) await this.#options.sink.pause();
    }
    await this.#scanner.endStatement();
  }

  async #begin(table: Table, names: readonly string[] | undefined): Promise<TableLoad> {
    const { sink } = this.#options;
    const key = JSON.stringify([table.schema, table.name, names, this.#facts.charset]);
    if (this.#loading?.key === key) return this.#loading.load;
    const target = this.#target(table);
    const load = await TableLoad.begin(table, names, this.#facts, {
      rows: (_table, columns) => sink.rows(target, columns),
      worksOut: (_table, columns, flavor) => sink.worksOut?.(target, columns, flavor) ?? false,
    });
    this.#loading = { key, load };
    this.#warn(table);
    return load;
  }

  #warn(table: Table): void {
    const lost = this.#isWarned ? undefined : lostCharacters(table, this.#facts.charset);
    if (lost === undefined) return;
    this.#isWarned = true;
    this.#options.warn?.(lost);
  }

  #current(): string {
    const schema = this.#schema ?? this.#facts.schema;
    if (schema !== '') return schema;
    throw new UsageError('the dump does not say which schema its tables are of', {
      hint: 'Make it with --databases NAME.',
    });
  }

  #renamed(schema: string): string {
    return this.#options.filter?.rewritten(schema) ?? schema;
  }

  #target(table: Table): Table {
    return { ...table, schema: this.#renamed(table.schema) };
  }

  #passes(schema: string, table: string | undefined): boolean {
    const { filter } = this.#options;
    if (filter === undefined) return true;
    return table === undefined
      ? filter.passesTable(this.#renamed(schema), '')
      : filter.passesTable(this.#renamed(schema), table);
  }
}

/** The name that USE gives, without its quotes. */
function nameOf(text: string): string {
  const name = text.trim().replace(/\*\/$/, '').trim();
  return name.startsWith('`') ? name.slice(1, name.lastIndexOf('`')).replaceAll('``', '`') : name;
}
