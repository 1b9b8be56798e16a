import { EventType, type Flavor, HEADER_BYTES, LENGTH_AT, TYPE_AT } from '../../binlog/index.ts';
import { type FormatError, systemError, TruncatedError } from '../../errors/index.ts';

/**
 * What the originals say when a log cannot be opened or read on. Lines for standard error.
 *
 * `hint:` lines of ours come after theirs only where theirs do not already say what to do.
 */
export interface FailureText {
  cannotOpen(program: string, file: string, error: unknown): string[];
  cannotRead(program: string, file: string, error: unknown): string[];
  /** `file` undefined: standard output. */
  cannotWrite(program: string, file: string | undefined, error: unknown): string[];
  cannotCreate(program: string, file: string, error: unknown): string[];
  /** MySQL alone looks at the temporary folder before it needs one. */
  noTemporaryFolder?(program: string, folder: string, error: unknown): string[];
  /** The four bytes at the start. */
  badMagic(error: FormatError): string[];
  /** The next event cannot be framed. `rest` is what there is of it; `searching`: it was on the way to the start position. */
  badEvent(error: FormatError, rest: Buffer, position: number, searching: boolean): string[];
  /** The next event of a log in use cannot be framed; undefined where that is an error all the same. */
  tornTail(error: FormatError, rest: Buffer): string[] | undefined;
}

const LOG_START = 4;
/** MariaDB looks at an event as far as its length before it reads one, at the first and on the way to the start position. */
export const PROBE_BYTES = 13;
/** Events that it reads on the way there. */
const soughtEvents: Readonly<Record<number, string>> = {
  [EventType.FORMAT_DESCRIPTION_EVENT]: 'Format_description_log_event',
  [EventType.ROTATE_EVENT]: 'Rotate_log_event',
};

const mysql: FailureText = {
  cannotOpen(program, file, error) {
    const { errno, text } = systemError(error);
    return [
      `${program}: File '${file}' not found (OS errno ${errno} - ${text})`,
      'ERROR: Could not open log file',
    ];
  },
  cannotRead(program, file, error) {
    const { errno, text } = systemError(error);
    return [
      `${program}: Error reading file '${file}' (OS errno ${errno} - ${text})`,
      'ERROR: I/O error reading the header from the binary log',
    ];
  },
  cannotWrite(program, file = '<unopen fd>', error) {
    const { errno, text } = systemError(error);
    return [`${program}: Error writing file '${file}' (OS errno ${errno} - ${text})`];
  },
  cannotCreate(program, file, error) {
    const { errno, text } = systemError(error);
    return [
      `${program}: Can't create/write to file '${file}' (OS errno ${errno} - ${text})`,
      `ERROR: Could not create log file '${file}'`,
    ];
  },
  noTemporaryFolder(program, folder, error) {
    const { errno, text } = systemError(error);
    return [`${program}: Can't get stat of '${folder}' (OS errno ${errno} - ${text})`];
  },
  badMagic(error) {
    if (error.code === 'BINLOG_HEADER') return ['ERROR: I/O error reading the header from the binary log'];
    if (error.code === 'BINLOG_ENCRYPTED')
      return ['ERROR: Reading encrypted log files directly is not supported.'];
    if (error.code === 'BINLOG_MAGIC') {
      return [
        "ERROR: Binlog has bad magic number;  It's not a binary log file that can be used by this version of MySQL",
      ];
    }
    return [`ERROR: ${error.describe()}`];
  },
  badEvent(error, _rest, position, searching) {
    const reasons: Readonly<Record<string, string>> = {
      BINLOG_TRUNCATED: 'binlog truncated in the middle of event; consider out of disk space',
      BINLOG_LIMIT: 'Event too big',
      BINLOG_EVENT_TOO_SMALL: 'corrupted data in log event',
    };
    const reason = `ERROR: ${reasons[error.code] ?? error.message}`;
    if (searching) return [reason];
    return [
      `ERROR: Could not read entry at offset ${position}: Error in log format or read error 1.`,
      reason,
    ];
  },
  tornTail: (error) =>
    error instanceof TruncatedError ? ['WARNING: File ends with a truncated event.'] : undefined,
};

/** MariaDB names the event as far as its header was read. */
function readLogEvent(message: string, rest: Buffer): string {
  const known =
    rest.length >= HEADER_BYTES
      ? `, data_len: ${rest.readUInt32LE(LENGTH_AT)}, event_type: ${rest[TYPE_AT]}`
      : '';
  return `ERROR: Error in Log_event::read_log_event(): '${message}'${known}`;
}

/** MariaDB rings it where a file cannot be used, and not where it cannot be written. */
export const BELL: string = '\x07';

const mariadb: FailureText = {
  cannotOpen(program, file, error) {
    const { errno, text } = systemError(error);
    return [`${BELL}${program}: File '${file}' not found (Errcode: ${errno} "${text}")`];
  },
  cannotRead(program, file, error) {
    const { errno, text } = systemError(error);
    return [
      `${BELL}${program}: Error reading file '${file}' (Errcode: ${errno} "${text}")`,
      'ERROR: Failed reading header; probably an empty file.',
    ];
  },
  cannotWrite(program, file = 'stdout', error) {
    const { errno, text } = systemError(error);
    return [`${program}: Error writing file '${file}' (Errcode: ${errno} "${text}")`];
  },
  cannotCreate(program, file, error) {
    const { errno, text } = systemError(error);
    return [
      `${BELL}${program}: Can't create/write to file '${file}' (Errcode: ${errno} "${text}")`,
      `ERROR: Could not create log file '${file}'`,
    ];
  },
  badMagic(error) {
    if (error.code === 'BINLOG_HEADER') return ['ERROR: Failed reading header; probably an empty file.'];
    if (error.code === 'BINLOG_MAGIC' || error.code === 'BINLOG_ENCRYPTED') {
      return ['ERROR: File is not a binary log file.'];
    }
    return [`ERROR: ${error.describe()}`];
  },
  badEvent(error, rest, position, searching) {
    const entry = `ERROR: Could not read entry at offset ${position}: Error in log format or read error.`;
    const name = searching ? soughtEvents[rest[TYPE_AT] ?? 0] : undefined;
    const where =
      name === undefined
        ? entry
        : `ERROR: Could not read a ${name} event at offset ${position}; this could be a log format error or read error.`;
    if ((searching || position === LOG_START) && rest.length < PROBE_BYTES) return [entry];
    const reasons: Readonly<Record<string, string>> = {
      BINLOG_TRUNCATED: 'Event truncated',
      BINLOG_LIMIT: 'Event truncated',
      BINLOG_EVENT_TOO_SMALL: 'Event invalid',
    };
    return [readLogEvent(reasons[error.code] ?? error.message, rest), where];
  },
  tornTail: (error, rest) => mariadb.badEvent(error, rest, 0, false).slice(0, 1),
};

export const failureTexts: Readonly<Record<Flavor, FailureText>> = { mysql, mariadb };
