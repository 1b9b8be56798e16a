import type { StatusVariables } from '../binlog/index.ts';
import { END } from './delimiter.ts';
import { Literal } from './output/literal.ts';
import type { TextOutput } from './output/text-output.ts';

/** Deterministic, so that texts of the same log compare equal under `--short-form`. */
export const SHORT_FORM_THREAD_ID = 999_999_999;

/** Session settings as the printed text has left them, as far as both tools know them. A statement prints only what differs. */
export class SessionMemory {
  /** Default database, before any rewriting; bytes in latin1. */
  schema = '';
  /** Undefined: none printed yet. Later ones matter only to statements that use temporary tables. */
  threadId: number | undefined = undefined;
  flags2: number | undefined = undefined;
  sqlMode: bigint | undefined = undefined;
  /** -1 is what no event has. */
  increment = -1;
  incrementOffset = -1;
  charsetClient = -1;
  collationConnection = -1;
  collationServer = -1;
  /** Bytes in latin1. */
  timeZone = '';
  lcTimeNames = -1;
  collationDatabase = -1;
}

/** A bit of `flags2`. */
export interface SessionOption {
  readonly bit: number;
  readonly name: string;
  /** Whether the bit being set means that the option is on. */
  readonly setMeansOn: boolean;
}

/** What the tools write each in their own way. */
export interface SessionDialect {
  /** In the order printed. */
  readonly options: readonly SessionOption[];
  /** Bits of `flags2` that count; all where it is left out. */
  readonly writtenOptions?: number;
  /** Stands behind a value of sql_mode. */
  sqlModeSuffix(mode: bigint): string;
  writeCharset(out: TextOutput, client: number, connection: number, server: number): void;
  /** After the character sets, whether they changed or not. */
  writeCollations(out: TextOutput, status: StatusVariables): void;
}

export function writeNumber(out: TextOutput, before: string, value: number, after: string = END): void {
  out.text(before);
  out.integer(value);
  out.text(after);
}

function writeOptions(
  out: TextOutput,
  memory: SessionMemory,
  { options, writtenOptions = ~0 }: SessionDialect,
  flags2: number,
): void {
  const changed = (memory.flags2 === undefined ? ~0 : memory.flags2 ^ flags2) & writtenOptions;
  if (changed === 0) return;
  memory.flags2 = flags2;
  out.text('SET ');
  let comma = false;
  for (const { bit, name, setMeansOn } of options) {
    if ((changed & bit) === 0) continue;
    if (comma) out.text(', ');
    comma = true;
    out.text('@@session.');
    out.text(name);
    out.text(((flags2 & bit) !== 0) === setMeansOn ? '=1' : '=0');
  }
  out.text(END);
}

function writeCharsets(
  out: TextOutput,
  memory: SessionMemory,
  charset: StatusVariables['charset'],
  dialect: SessionDialect,
): void {
  if (charset === undefined) return;
  const { client, connection, server } = charset;
  if (
    client === memory.charsetClient &&
    connection === memory.collationConnection &&
    server === memory.collationServer
  )
    return;
  dialect.writeCharset(out, client, connection, server);
  memory.charsetClient = client;
  memory.collationConnection = connection;
  memory.collationServer = server;
}

/** Everything of a statement's session that differs from what the text has left. */
export function writeSessionChanges(
  out: TextOutput,
  memory: SessionMemory,
  status: StatusVariables,
  dialect: SessionDialect,
): void {
  if (status.flags2 !== undefined) writeOptions(out, memory, dialect, status.flags2);
  if (status.sqlMode !== undefined && status.sqlMode !== memory.sqlMode) {
    out.text('SET @@session.sql_mode=');
    out.bigint(status.sqlMode);
    out.text(dialect.sqlModeSuffix(status.sqlMode));
    out.text(END);
    memory.sqlMode = status.sqlMode;
  }
  const increment = status.autoIncrement?.increment ?? 1;
  const offset = status.autoIncrement?.offset ?? 1;
  if (increment !== memory.increment || offset !== memory.incrementOffset) {
    const between = ', @@session.auto_increment_offset=';
    writeNumber(out, 'SET @@session.auto_increment_increment=', increment, between);
    writeNumber(out, '', offset);
    memory.increment = increment;
    memory.incrementOffset = offset;
  }
  writeCharsets(out, memory, status.charset, dialect);
  dialect.writeCollations(out, status);
  if (status.timeZone !== undefined && status.timeZone.length > 0) {
    const zone = status.timeZone.toString('latin1');
    if (zone !== memory.timeZone) {
      out.text(`SET @@session.time_zone='${zone}'${END}`);
      memory.timeZone = zone;
    }
  }
  const lcTimeNames = status.lcTimeNames ?? 0;
  if (lcTimeNames !== memory.lcTimeNames) {
    writeNumber(out, 'SET @@session.lc_time_names=', lcTimeNames);
    memory.lcTimeNames = lcTimeNames;
  }
  const collationDatabase = status.charsetDatabase ?? 0;
  if (collationDatabase !== memory.collationDatabase) {
    if (collationDatabase === 0) out.text(`SET @@session.collation_database=DEFAULT${END}`);
    else writeNumber(out, 'SET @@session.collation_database=', collationDatabase);
    memory.collationDatabase = collationDatabase;
  }
}

const SET_TIMESTAMP = new Literal('SET TIMESTAMP=');
const END_OF_LINE = new Literal(END);

/** `SET TIMESTAMP=1795237171.000001`; microseconds of 0 are left out. */
export function writeTimestamp(out: TextOutput, seconds: number, microseconds: number): void {
  out.literal(SET_TIMESTAMP);
  out.integer(seconds);
  if (microseconds !== 0) {
    out.byte(0x2e);
    out.padded(microseconds, 6);
  }
  out.literal(END_OF_LINE);
}
