import type { Column, TableMap } from '../../binlog/index.ts';
import { ColumnCode } from '../../binlog/index.ts';
import {
  type Connection,
  type ConnectOptions,
  connect,
  type ResultSet,
  showDefinitionsPlainly,
  Turns,
} from '../../connection/index.ts';
import { ConnectionError, RowlockError } from '../../errors/index.ts';
import { fitsType, membersOf } from './column-types.ts';
import { hiddenColumns, hiddenColumnsQuestion, type ShownColumn } from './hidden-columns.ts';

/** Why the columns of a table could not be named. */
export type SchemaErrorCode =
  /** The server does not show the table: it is gone, or the account has no privilege on it. */
  | 'SCHEMA_UNKNOWN'
  /** The table is not any more what it was when the log was written. */
  | 'SCHEMA_DRIFT';

/** The log does not name the columns of a table, and the server's schema does not fit what the log says of them. */
export class SchemaError extends RowlockError {
  declare readonly code: SchemaErrorCode;

  constructor(code: SchemaErrorCode, message: string, table: string) {
    super(code, message, {
      context: { table },
      hint:
        'Set binlog_row_metadata=FULL on the server, so that the log names its columns; or give their names with `columnNames`, ' +
        "leave the table out with `tables`, or take numbers with `unnamed: 'number'`.",
    });
  }
}

const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** What the server says of the columns of tables now, asked in a conversation of its own, which is made when it is needed. */
export class ServerColumns {
  readonly #options: ConnectOptions;
  #connection: Connection | undefined;
  #connecting: AbortController | undefined;
  /** A conversation takes one question at a time. */
  readonly #turns = new Turns();
  #isPrepared = false;
  readonly #plain = new WeakSet<Connection>();

  /** `connection`: one that is open already; it is used until it breaks. */
  constructor(options: ConnectOptions, connection?: Connection) {
    this.#options = options;
    this.#connection = connection;
    connection?.keepProcess(false);
  }

  /**
   * Connects ahead of the first question, for which rows would have to wait, and asks one without an answer: the first takes longer than
   * the next. Nothing that fails here matters, for whoever asks tries again. Where the server's logs name the columns themselves the
   * conversation ends.
   *
   * @param stopped whoever wants the names does not any more
   */
  prepare(stopped: AbortSignal): void {
    if (this.#isPrepared) return;
    this.#isPrepared = true;
    const wasOpen = this.#connection !== undefined;
    const prepared = this.#turns.take(async () => {
      const { rows } = await this.#ask("SHOW GLOBAL VARIABLES LIKE 'binlog_row_metadata'", stopped);
      if (rows[0]?.[1]?.toString() !== 'FULL') await this.#ask(columnsOf('', ''), stopped);
      else if (!wasOpen) await this.close();
    });
    void prepared.catch(() => {});
  }

  /**
   * Fills in what the log leaves out of a table's columns: names, signs, character sets, members.
   *
   * @param stopped ends the question, as the signal's reason
   * @throws SchemaError where the server's table is not the one in the log
   */
  async complete(map: TableMap, stopped: AbortSignal): Promise<void> {
    const schema = map.schema.toString();
    const table = map.table.toString();
    const name = `${schema}.${table}`;
    const { rows } = await this.#turns.take(() => this.#ask(columnsOf(schema, table), stopped));
    if (rows.length === 0) {
      const message = `the log does not name the columns of ${name}, and the server shows no such table to this account: it is gone, or the account has no privilege on it`;
      throw new SchemaError('SCHEMA_UNKNOWN', message, name);
    }
    const { columns } = map;
    const shown = rows.map((row): ShownColumn => row.map((value) => value?.toString()));
    const missing = columns.length - shown.length;
    const texts = missing > 0 ? [...shown, ...(await this.#hidden(schema, table, missing, stopped))] : shown;
    if (texts.length !== columns.length) {
      const reason =
        missing > 0 ? 'it was altered, or this account has no privilege on some of them' : 'it was altered';
      const message = `the server shows ${rows.length} columns of ${name}, and the log has ${columns.length}: ${reason}`;
      throw new SchemaError('SCHEMA_DRIFT', message, name);
    }
    columns.forEach((column, index) => {
      const [columnName = '', dataType = ''] = texts[index]!;
      if (fitsType(column, dataType)) return;
      const message = `column ${columnName} of ${name} is ${dataType} now, which it is not in the log`;
      throw new SchemaError('SCHEMA_DRIFT', message, name);
    });
    columns.forEach((column, index) => fill(column, texts[index]!));
  }

  async #hidden(
    schema: string,
    table: string,
    count: number,
    stopped: AbortSignal,
  ): Promise<readonly ShownColumn[]> {
    const question = hiddenColumnsQuestion(literal(schema), literal(table));
    return hiddenColumns(await this.#turns.take(() => this.#ask(question, stopped)), count);
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#connecting?.abort();
    await connection?.close();
  }

  /** Ends with the reason of `stopped`, whatever the server does. */
  async #ask(statement: string, stopped: AbortSignal): Promise<ResultSet> {
    stopped.throwIfAborted();
    const stop = (): void => {
      this.#connecting?.abort();
      this.#connection?.destroy();
    };
    stopped.addEventListener('abort', stop, { once: true });
    try {
      return await this.#askOnce(statement, stopped);
    } finally {
      stopped.removeEventListener('abort', stop);
    }
  }

  /** A conversation that broke while nobody spoke is made anew, once. */
  async #askOnce(statement: string, stopped: AbortSignal): Promise<ResultSet> {
    const known = this.#connection;
    if (known !== undefined) {
      try {
        return await this.#answerOf(known, statement);
      } catch (error) {
        stopped.throwIfAborted();
        if (!(error instanceof ConnectionError)) throw error;
        known.destroy();
      }
    }
    this.#connection = undefined;
    const fresh = await this.#connect();
    this.#connection = fresh;
    return this.#answerOf(fresh, statement);
  }

  /** Between questions nobody waits for the conversation, and a process that has nothing else to do may end. */
  async #answerOf(connection: Connection, statement: string): Promise<ResultSet> {
    connection.keepProcess(true);
    try {
      if (!this.#plain.has(connection)) await showDefinitionsPlainly(connection);
      this.#plain.add(connection);
      return await connection.query(statement);
    } finally {
      connection.keepProcess(false);
    }
  }

  /** Until it is open, {@link close} gives it up. */
  async #connect(): Promise<Connection> {
    const connecting = new AbortController();
    this.#connecting = connecting;
    const { signal } = this.#options;
    const given = signal === undefined ? [] : [signal];
    try {
      return await connect({ ...this.#options, signal: AbortSignal.any([connecting.signal, ...given]) });
    } finally {
      this.#connecting = undefined;
    }
  }
}

/** Asks for the columns of a table, in its order. */
function columnsOf(schema: string, table: string): string {
  return (
    'SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, CHARACTER_SET_NAME FROM information_schema.COLUMNS' +
    ` WHERE TABLE_SCHEMA = ${literal(schema)} AND TABLE_NAME = ${literal(table)} ORDER BY ORDINAL_POSITION`
  );
}

const textTypes: ReadonlySet<number> = new Set([
  ColumnCode.STRING,
  ColumnCode.VARCHAR,
  ColumnCode.VAR_STRING,
  ColumnCode.VARCHAR_COMPRESSED,
  ColumnCode.BLOB,
  ColumnCode.BLOB_COMPRESSED,
]);

function fill(column: Column, [name, , type = '', charset]: ShownColumn): void {
  column.name ??= name;
  column.unsigned ??= / unsigned\b/.test(type);
  if (textTypes.has(column.realCode)) column.charset ??= charset ?? 'binary';
  if (column.realCode === ColumnCode.ENUM || column.realCode === ColumnCode.SET) {
    if (column.members !== undefined) return;
    column.members = membersOf(type);
    // As the server sends them here, whatever the column's own character set is.
    column.charset = 'utf8mb4';
  }
}
