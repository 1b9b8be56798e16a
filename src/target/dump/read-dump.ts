import type { ColumnValue } from '../../binlog/index.ts';
import { FormatError, UsageError } from '../../errors/index.ts';
import type { ReplicateFilter, SourcePosition } from '../../replication/index.ts';
import { parseTableStatement, type TableStatement } from '../../sql/index.ts';
import { Catalog, type CatalogChange, type Table } from '../schema/index.ts';
import { literalReader, type ReadLiteral } from './column-literal.ts';
import { DumpFacts } from './dump-facts.ts';
import { DumpScanner, endsEarly } from './dump-scanner.ts';
import type { DumpSink, RowSink } from './dump-sink.ts';
import { DumpWindow } from './dump-window.ts';
import { columnsOf, readInsertHead } from './insert-head.ts';
import { isForEver, periodValues } from './period.ts';
import { Literal, RowValues } from './row-values.ts';

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

/** Second bytes of their characters look like backslashes and quotes. */
const UNSAFE_CHARSETS = /^(big5|cp932|gbk|gb18030|sjis|utf16|utf16le|utf32|ucs2)$/;

/** After so many rows others have their turn. */
const ROWS_A_TURN = 500;

/** Statements about tables; all others are passed over. */
const DEFINITIONS = /^(?:\s|\/\*!\d*)*(?:CREATE|DROP|ALTER|RENAME|TRUNCATE)\s/i;
const SETTINGS = /^(?:\s|\/\*M?!\d*)*(?:SET|CHANGE)\s/i;
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

/** Where a dump was taken, without loading it. @throws UsageError it does not say; FormatError it is not whole, or cannot be read */
export async function readDumpPlace(pieces: AsyncIterable<Uint8Array>): Promise<SourcePosition> {
  const window = new DumpWindow(pieces);
  try {
    return await findPlace(window);
  } catch (error) {
    if (error instanceof FormatError) error.at({ position: window.place });
    throw error;
  } finally {
    await window.close();
  }
}

async function findPlace(window: DumpWindow): Promise<SourcePosition> {
  const scanner = new DumpScanner(window);
  const facts = new DumpFacts();
  const row = new RowValues();
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one piece after the other
    const piece = await scanner.next();
    if (piece === undefined) break;
    if (piece.kind === 'comment') facts.comment(piece.text);
    else if (piece.kind === 'statement') {
      const head = headOf(piece.sql);
      if (SETTINGS.test(head)) takeSetting(piece.sql, facts, scanner);
      // MariaDB's tool writes its GTIDs at the end.
      if (/^CREATE\s+TABLE\s/i.test(head) && facts.flavor === 'mysql' && facts.place !== undefined) break;
    } else {
      // oxlint-disable-next-line no-await-in-loop -- one piece after the other
      await insertHead(window, facts);
      // oxlint-disable-next-line no-await-in-loop -- one piece after the other
      while (await nextRow(window, row));
      // oxlint-disable-next-line no-await-in-loop -- one piece after the other
      await scanner.endStatement();
    }
  }
  return placeOf(facts);
}

/** Learns from a statement of settings how what follows is to be read. @throws FormatError it cannot be */
function takeSetting(sql: Buffer, facts: DumpFacts, scanner: DumpScanner): void {
  facts.setting(sql);
  scanner.escapes = facts.escapes;
  if (facts.charset === undefined || !UNSAFE_CHARSETS.test(facts.charset)) return;
  throw new FormatError(`the texts of the dump are in ${facts.charset}, which is not read`, {
    hint: 'Make it with --default-character-set=utf8mb4.',
  });
}

const headOf = (sql: Buffer): string => sql.toString('latin1', 0, 80);

function placeOf({ place }: DumpFacts): SourcePosition {
  if (place !== undefined) return place;
  throw new UsageError('the dump does not say where in the source’s log it was taken', {
    hint: 'Make it with --source-data=2 (--master-data=2), or say it with --from=FILE:POSITION or --from=GTIDS.',
  });
}

async function insertHead(window: DumpWindow, { flavor, charset }: DumpFacts) {
  for (;;) {
    const head = readInsertHead(window.bytes.subarray(window.at, window.end), flavor, charset ?? 'utf8mb4');
    if (head !== undefined) {
      window.to(window.at + head.length);
      return head;
    }
    // oxlint-disable-next-line no-await-in-loop -- one piece after the other
    if (!(await window.more())) throw endsEarly();
  }
}

const COMMA = 0x2c;
const OPEN = 0x28;

/** Reads the row at hand, and stands at the next one, or behind the last. False: there is none. */
async function nextRow(window: DumpWindow, row: RowValues): Promise<boolean> {
  if (window.bytes[window.at] !== OPEN || window.at >= window.end) return false;
  for (;;) {
    const end = row.read(window.bytes, window.at, window.end);
    const next = end < 0 ? -1 : afterRow(window, end);
    if (next >= 0) {
      window.to(next);
      return true;
    }
    // oxlint-disable-next-line no-await-in-loop -- one piece after the other
    if (await window.more()) continue;
    throw endsEarly();
  }
}

/** The next parenthesis, or what stands instead of the comma; −1: nothing yet. */
function afterRow({ bytes, end }: DumpWindow, from: number): number {
  let at = from;
  const skip = (): void => {
    while (at < end && (bytes[at] === 0x20 || (bytes[at]! >= 0x09 && bytes[at]! <= 0x0d))) at += 1;
  };
  skip();
  if (at >= end) return -1;
  if (bytes[at] !== COMMA) return at;
  at += 1;
  skip();
  return at >= end ? -1 : at;
}

interface Loading {
  /** For each value of a row, the index of its column; −1: it is not kept. */
  readonly columns: readonly number[];
  readonly readers: readonly ReadLiteral[];
  /** Of the columns that are kept; what the dump says nothing of stays as it is. */
  readonly values: ColumnValue[];
  /** Place, in a row, of the column that says until when it holds; −1: all hold. */
  readonly end: number;
  readonly to: RowSink;
}

class DumpReader {
  readonly #window: DumpWindow;
  readonly #scanner: DumpScanner;
  readonly #options: DumpOptions;
  readonly #facts = new DumpFacts();
  readonly #catalog = new Catalog();
  readonly #row = new RowValues();
  readonly #loading = new Map<string, Loading>();
  #schema: string | undefined;
  #turn = 0;

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
      this.#count();
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

  #count(): void {
    const { progress } = this.#options;
    if (progress !== undefined) progress.bytes = this.#window.place;
  }

  *#schemas(): Generator<readonly [string, string]> {
    for (const [name, charset] of this.#catalog.schemas) {
      if (!SYSTEM_SCHEMAS.has(name)) yield [this.#renamed(name), charset];
    }
  }

  async #statement(sql: Buffer): Promise<void> {
    const head = headOf(sql);
    const facts = this.#facts;
    if (SETTINGS.test(head)) {
      takeSetting(sql, facts, this.#scanner);
      return;
    }
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
    const context = { schema, charset: 'utf8mb4' };
    for (const change of this.#catalog.follow(statement, context)) {
      // oxlint-disable-next-line no-await-in-loop -- one change after the other
      await this.#follow(change);
    }
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
        this.#loading.delete(keyOf(change.table));
        if (this.#passes(change.table.schema, change.table.name))
          await sink.dropTable(this.#target(change.table));
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
      if (loading !== undefined) this.#load(row, loading, table!);
      this.#turn += 1;
      // oxlint-disable-next-line no-await-in-loop -- after many rows
      if (this.#turn % ROWS_A_TURN === 0) await this.#options.sink.pause();
    }
    await this.#scanner.endStatement();
  }

  async #begin(table: Table, names: readonly string[] | undefined): Promise<Loading> {
    const key = `${keyOf(table)} ${JSON.stringify(names ?? null)} ${this.#facts.charset ?? ''}`;
    const known = this.#loading.get(key);
    if (known !== undefined) return known;
    const indexes = columnsOf(table, names);
    const kept = indexes.filter((index) => index >= 0);
    const periods = periodValues(table, this.#facts.version).filter(([index]) => !kept.includes(index));
    this.#checkTimes(table, kept);
    const settings = { charset: this.#facts.charset ?? 'utf8mb4' };
    const loading: Loading = {
      columns: indexes,
      readers: indexes.map((index) => literalReader(table.columns[Math.max(0, index)]!, settings)),
      values: [...kept.map(() => null), ...periods.map(([, value]) => value)],
      end: indexes.findIndex((index) => table.columns[index]?.period === 'end'),
      to: await this.#options.sink.rows(this.#target(table), [...kept, ...periods.map(([index]) => index)]),
    };
    this.#loading.clear();
    this.#loading.set(key, loading);
    return loading;
  }

  /** TIMESTAMP is kept in UTC. */
  #checkTimes({ schema, name, columns }: Table, kept: readonly number[]): void {
    const { timeZone } = this.#facts;
    if (timeZone === '+00:00' || timeZone === 'UTC') return;
    const moment = kept.find((index) => columns[index]!.type.name === 'timestamp');
    if (moment === undefined) return;
    throw new FormatError(
      `${schema}.${name}.${columns[moment]!.name} is a TIMESTAMP, and the dump does not say that its times are in UTC`,
      { hint: 'Make it without --skip-tz-utc and --compact.' },
    );
  }

  #load(row: RowValues, { columns, readers, values, end, to }: Loading, table: Table): void {
    if (row.count !== columns.length) {
      throw new FormatError(
        `a row of ${table.schema}.${table.name} has ${row.count} values for ${columns.length} columns`,
      );
    }
    // What has ended is history, which a target does not keep.
    if (end >= 0 && !isForEver(row.plain(end))) return;
    let count = 0;
    for (let index = 0; index < columns.length; index += 1) {
      if (columns[index]! < 0) continue;
      values[count] = row.kinds[index] === Literal.NULL ? null : readers[index]!(row, index);
      count += 1;
    }
    to.insert(values);
    const { progress } = this.#options;
    if (progress === undefined) return;
    progress.rows += 1;
    progress.bytes = this.#window.place;
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

const keyOf = ({ schema, name }: Table): string => JSON.stringify([schema, name]);

/** The name that USE gives, without its quotes. */
function nameOf(text: string): string {
  const name = text.trim().replace(/\*\/$/, '').trim();
  return name.startsWith('`') ? name.slice(1, name.lastIndexOf('`')).replaceAll('``', '`') : name;
}
