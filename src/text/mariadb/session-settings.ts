import { EventFlag, Flags2, type RawEvent, type StatusVariables } from '../../binlog/index.ts';
import { charsetOfCollation, collationName } from '../../charset/index.ts';
import { writeIdentifier } from '../identifier.ts';
import type { TextOutput } from '../text-output.ts';
import { DELIMITER, END } from './delimiter.ts';
import type { PrintState } from './print-state.ts';
import type { SessionMemory } from './session-memory.ts';

/** What `--short-form` prints for thread ids, so that texts can be compared. */
const SHORT_FORM_THREAD_ID = 999_999_999;

/** A statement's session, whichever event carries it. */
export interface StatementSession {
  readonly threadId: number;
  readonly schema: Buffer;
  readonly status: StatusVariables;
}

interface Option {
  readonly bit: number;
  readonly name: string;
  /** The bit says that the option is off. */
  readonly inverted: boolean;
}

/** In the order printed. */
const options: readonly Option[] = [
  { bit: Flags2.NO_FOREIGN_KEY_CHECKS, name: 'foreign_key_checks', inverted: true },
  { bit: Flags2.AUTO_IS_NULL, name: 'sql_auto_is_null', inverted: false },
  { bit: Flags2.RELAXED_UNIQUE_CHECKS, name: 'unique_checks', inverted: true },
  { bit: Flags2.NOT_AUTOCOMMIT, name: 'autocommit', inverted: true },
  { bit: Flags2.NO_CHECK_CONSTRAINT_CHECKS, name: 'check_constraint_checks', inverted: true },
  { bit: Flags2.IF_EXISTS, name: 'sql_if_exists', inverted: false },
  { bit: Flags2.EXPLICIT_DEFAULTS_FOR_TIMESTAMP, name: 'explicit_defaults_for_timestamp', inverted: false },
  {
    bit: Flags2.SYSTEM_VERSIONING_INSERT_HISTORY,
    name: 'system_versioning_insert_history',
    inverted: false,
  },
];

function writeOptions(out: TextOutput, memory: SessionMemory, flags2: number): void {
  const changed = memory.flags2 === undefined ? -1 : memory.flags2 ^ flags2;
  memory.flags2 = flags2;
  if (changed === 0) return;
  let before = 'SET ';
  for (const { bit, name, inverted } of options) {
    if ((changed & bit) === 0) continue;
    out.text(before);
    before = ', ';
    out.text('@@session.');
    out.text(name);
    out.text(((flags2 & bit) !== 0) === inverted ? '=0' : '=1');
  }
  if (before === 'SET ') out.text(before);
  out.text(END);
}

function writeCharset(out: TextOutput, client: number, connection: number, server: number): void {
  const name = charsetOfCollation(client, 'mariadb')?.name;
  if (name !== undefined) out.text(`/*!\\C ${name} */${END}`);
  out.text(
    `SET @@session.character_set_client=${name ?? client},@@session.collation_connection=${connection},@@session.collation_server=${server}${END}`,
  );
}

/** `utf8mb4=utf8mb4_uca1400_ai_ci,…` */
function collationsText(list: NonNullable<StatusVariables['characterSetCollations']>): string {
  return list
    .map(({ charset, collation }) => {
      const name = charsetOfCollation(charset, 'mariadb')?.name ?? String(charset);
      return `${name}=${collationName(collation, 'mariadb') ?? collation}`;
    })
    .join(',');
}

function writeChanges(out: TextOutput, memory: SessionMemory, status: StatusVariables): void {
  if (status.flags2 !== undefined) writeOptions(out, memory, status.flags2);
  if (status.sqlMode !== undefined && status.sqlMode !== memory.sqlMode) {
    out.text(`SET @@session.sql_mode=${status.sqlMode}${END}`);
    memory.sqlMode = status.sqlMode;
  }
  const increment = status.autoIncrement?.increment ?? 1;
  const offset = status.autoIncrement?.offset ?? 1;
  if (increment !== memory.increment || offset !== memory.incrementOffset) {
    out.text(
      `SET @@session.auto_increment_increment=${increment}, @@session.auto_increment_offset=${offset}${END}`,
    );
    memory.increment = increment;
    memory.incrementOffset = offset;
  }
  if (status.charset !== undefined) {
    const { client, connection, server } = status.charset;
    if (
      client !== memory.charsetClient ||
      connection !== memory.collationConnection ||
      server !== memory.collationServer
    ) {
      writeCharset(out, client, connection, server);
      memory.charsetClient = client;
      memory.collationConnection = connection;
      memory.collationServer = server;
    }
  }
  const collations = status.characterSetCollations;
  if (collations !== undefined) {
    // Unlike all others it prints every time the log has it.
    out.text(`SET @@session.character_set_collations='${collationsText(collations)}'${END}`);
  }
  if (status.timeZone !== undefined && status.timeZone.length > 0) {
    const zone = status.timeZone.toString('latin1');
    if (zone !== memory.timeZone) {
      out.text(`SET @@session.time_zone='${zone}'${END}`);
      memory.timeZone = zone;
    }
  }
  const lcTimeNames = status.lcTimeNames ?? 0;
  if (lcTimeNames !== memory.lcTimeNames) {
    out.text(`SET @@session.lc_time_names=${lcTimeNames}${END}`);
    memory.lcTimeNames = lcTimeNames;
  }
  const collationDatabase = status.charsetDatabase ?? 0;
  if (collationDatabase !== memory.collationDatabase) {
    out.text(
      `SET @@session.collation_database=${collationDatabase === 0 ? 'DEFAULT' : collationDatabase}${END}`,
    );
    memory.collationDatabase = collationDatabase;
  }
}

function writeTimestamp(out: TextOutput, seconds: number, microseconds: number): void {
  out.text('SET TIMESTAMP=');
  out.integer(seconds);
  if (microseconds > 0 && microseconds < 1_000_000) {
    out.byte(0x2e);
    out.padded(microseconds, 6);
  }
  out.text(END);
}

/** `use` where the statement's database is another than the last one's. */
function writeUse(state: PrintState, event: RawEvent, schema: Buffer, isTransaction: boolean): void {
  const { out, session } = state;
  if (isTransaction) return;
  if (event.hasFlag(EventFlag.SUPPRESS_USE)) {
    session.schema = '';
    return;
  }
  if (schema.length === 0) return;
  const name = schema.toString('latin1');
  if (name === session.schema) return;
  session.schema = name;
  out.text('use ');
  writeIdentifier(out, schema);
  out.text(END);
}

/** `--rewrite-db`: the `use` of the new name comes before the event's own line, and at once also with `--flashback`. */
export function writeRewrittenUse(
  state: PrintState,
  event: RawEvent,
  schema: Buffer,
  isTransaction: boolean,
): void {
  const { direct: out, session } = state;
  const to = state.selection.rewritten(schema);
  if (to === undefined || isTransaction || event.hasFlag(EventFlag.SUPPRESS_USE)) return;
  const name = schema.toString('latin1');
  if (name === session.schema) return;
  session.schema = name;
  out.text('use ');
  writeIdentifier(out, to);
  out.text(END);
}

/** Everything a statement's text needs before it to run as it ran: its database, its time, what changed of its session. */
export function writeSessionSettings(
  state: PrintState,
  event: RawEvent,
  session: StatementSession,
  isTransaction: boolean,
): void {
  const { out, session: memory } = state;
  writeUse(state, event, session.schema, isTransaction);
  writeTimestamp(out, event.timestamp, session.status.microseconds ?? 0);
  if (
    memory.threadId === undefined ||
    (event.hasFlag(EventFlag.THREAD_SPECIFIC) && session.threadId !== memory.threadId)
  ) {
    memory.threadId = session.threadId;
    out.text('SET @@session.pseudo_thread_id=');
    out.integer(state.options.shortForm ? SHORT_FORM_THREAD_ID : session.threadId);
    out.text(END);
  }
  writeChanges(out, memory, session.status);
}

/** `@@skip_replication` as the event has it; `--flashback` does not hold it back. */
export function writeSkipReplication(state: PrintState, event: RawEvent): void {
  const skip = event.hasFlag(EventFlag.SKIP_REPLICATION);
  if (skip === state.session.skipReplication) return;
  state.session.skipReplication = skip;
  state.direct.text(`/*!50521 SET skip_replication=${skip ? 1 : 0}*/${DELIMITER}\n`);
}
