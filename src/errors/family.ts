/**
 * The error family. A class answers "what can the caller do?"; `code` answers "which one?".
 *
 * Messages are lower case, have no full stop, show the value that was wrong and never a secret. The layer that knows
 * where it happened adds the place once, with {@link RowlockError.at}.
 */

/** Where an error happened. Every field is optional: each layer adds what it knows. */
export interface ErrorContext {
  readonly file?: string;
  /** Offset in the file (or position in the source's log), in bytes. */
  readonly position?: number;
  /** Name of the event, as the server spells it, e.g. `TABLE_MAP_EVENT`. */
  readonly event?: string;
  /** Of the transaction that failed, where it is not the one that was read last. */
  readonly gtid?: string;
  readonly table?: string;
  readonly column?: string;
  readonly host?: string;
}

/** What every error of ours is. Its class says what the caller can do, its `code` which one it is. */
export class RowlockError extends Error {
  /** Stable, searchable: `BINLOG_TRUNCATED`. */
  readonly code: string;
  /** What to do about it, as a full sentence. */
  hint: string | undefined;
  context: ErrorContext;

  constructor(
    code: string,
    message: string,
    options: { cause?: unknown; hint?: string; context?: ErrorContext } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = options.hint;
    this.context = options.context ?? {};
  }

  /** Adds what an outer layer knows about the place; what an inner layer said stays. Returns the same error. */
  at(context: ErrorContext): this {
    this.context = { ...context, ...this.context };
    return this;
  }

  /** One line for a person: place, then message. */
  describe(): string {
    const { file, position, event, gtid, table, column } = this.context;
    const place = [
      file === undefined ? undefined : position === undefined ? file : `${file}:${position}`,
      file === undefined && position !== undefined ? `position ${position}` : undefined,
      event,
      gtid === undefined ? undefined : `transaction ${gtid}`,
      table === undefined ? undefined : column === undefined ? table : `${table}.${column}`,
    ].filter((part) => part !== undefined);
    return place.length === 0 ? this.message : `${place.join(' ')}: ${this.message}`;
  }
}

/** The bytes are not a legal binary log. */
export class FormatError extends RowlockError {
  constructor(
    message: string,
    options: { code?: string; cause?: unknown; hint?: string; context?: ErrorContext } = {},
  ) {
    super(options.code ?? 'BINLOG_FORMAT', message, options);
  }
}

/** The bytes stop too early: a torn file, or the tail of one that is still being written. */
export class TruncatedError extends FormatError {
  constructor(message: string, options: { cause?: unknown; hint?: string; context?: ErrorContext } = {}) {
    super(message, { ...options, code: 'BINLOG_TRUNCATED' });
  }
}

/** The bytes changed after they were written. */
export class ChecksumError extends FormatError {
  constructor(message: string, options: { cause?: unknown; hint?: string; context?: ErrorContext } = {}) {
    super(message, { ...options, code: 'BINLOG_CHECKSUM' });
  }
}

/** A length or count taken from untrusted bytes is above a named limit. */
export class LimitError extends FormatError {
  constructor(message: string, options: { cause?: unknown; hint?: string; context?: ErrorContext } = {}) {
    super(message, { ...options, code: 'BINLOG_LIMIT' });
  }
}

/** A wrong option or a wrong call. */
export class UsageError extends RowlockError {
  constructor(message: string, options: { cause?: unknown; hint?: string; context?: ErrorContext } = {}) {
    super('USAGE', message, options);
  }
}

/** The peer broke the client/server protocol: packets out of order, an impossible length, an unexpected packet. */
export class ProtocolError extends RowlockError {
  constructor(
    message: string,
    options: { code?: string; cause?: unknown; hint?: string; context?: ErrorContext } = {},
  ) {
    super(options.code ?? 'PROTOCOL', message, options);
  }
}

/** The conversation could not be started, or ended early. `errno` is the client's error number (`CR_…`). */
export class ConnectionError extends RowlockError {
  readonly errno: number;

  constructor(
    errno: number,
    message: string,
    options: { code?: string; cause?: unknown; hint?: string; context?: ErrorContext } = {},
  ) {
    super(options.code ?? 'CONNECTION', message, options);
    this.errno = errno;
  }
}

/** What was asked for could not be promised: TLS, the other end's identity, or a secret that would travel in clear. */
export class SecurityError extends RowlockError {
  readonly errno: number;

  constructor(
    errno: number,
    message: string,
    options: { code?: string; cause?: unknown; hint?: string; context?: ErrorContext } = {},
  ) {
    super(options.code ?? 'SECURITY', message, options);
    this.errno = errno;
  }
}

/** The server answered with an ERR packet: its number, its SQL state and its own words. */
export class ServerError extends RowlockError {
  readonly errno: number;
  /** Five characters; `HY000` where the server sent none. */
  readonly sqlState: string;

  constructor(
    errno: number,
    sqlState: string,
    message: string,
    options: { code?: string; cause?: unknown; hint?: string; context?: ErrorContext } = {},
  ) {
    super(options.code ?? 'SERVER', message, options);
    this.errno = errno;
    this.sqlState = sqlState;
  }
}
