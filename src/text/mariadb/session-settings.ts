import {
  EventFlag,
  Flags2,
  type LogState,
  type RawEvent,
  type StatusVariables,
  writesExplicitDefaults,
} from '../../binlog/index.ts';
import { charsetOfCollation, defaultCollationsText } from '../../charset/index.ts';
import { DELIMITER, END } from '../delimiter.ts';
import { writeIdentifier } from '../output/identifier.ts';
import type { TextOutput } from '../output/text-output.ts';
import {
  type SessionDialect,
  type SessionOption,
  SHORT_FORM_THREAD_ID,
  writeSessionChanges,
  writeTimestamp,
} from '../session-settings.ts';
import type { PrintState } from './print-state.ts';

/** A statement's session, whichever event carries it. */
export interface StatementSession {
  readonly threadId: number;
  readonly schema: Buffer;
  readonly status: StatusVariables;
}

const options: readonly SessionOption[] = [
  { bit: Flags2.NO_FOREIGN_KEY_CHECKS, name: 'foreign_key_checks', setMeansOn: false },
  { bit: Flags2.AUTO_IS_NULL, name: 'sql_auto_is_null', setMeansOn: true },
  { bit: Flags2.RELAXED_UNIQUE_CHECKS, name: 'unique_checks', setMeansOn: false },
  { bit: Flags2.NOT_AUTOCOMMIT, name: 'autocommit', setMeansOn: false },
  { bit: Flags2.NO_CHECK_CONSTRAINT_CHECKS, name: 'check_constraint_checks', setMeansOn: false },
  { bit: Flags2.IF_EXISTS, name: 'sql_if_exists', setMeansOn: true },
  { bit: Flags2.EXPLICIT_DEFAULTS_FOR_TIMESTAMP, name: 'explicit_defaults_for_timestamp', setMeansOn: true },
  {
    bit: Flags2.SYSTEM_VERSIONING_INSERT_HISTORY,
    name: 'system_versioning_insert_history',
    setMeansOn: true,
  },
];

function writeCharset(out: TextOutput, client: number, connection: number, server: number): void {
  const name = charsetOfCollation(client, 'mariadb')?.name;
  if (name !== undefined) out.text(`/*!\\C ${name} */${END}`);
  out.text(
    `SET @@session.character_set_client=${name ?? client},@@session.collation_connection=${connection},@@session.collation_server=${server}${END}`,
  );
}

const dialect: SessionDialect = {
  options,
  sqlModeSuffix: () => '',
  writeCharset,
  writeCollations(out, { characterSetCollations: list }) {
    // Unlike all others it prints every time the log has it.
    if (list !== undefined)
      out.text(`SET @@session.character_set_collations='${defaultCollationsText(list)}'${END}`);
  },
};

function without(dropped: number): SessionDialect {
  const kept = options.filter(({ bit }) => (bit & dropped) === 0);
  return { ...dialect, options: kept, writtenOptions: ~dropped };
}

const withoutExplicitDefaults = without(Flags2.EXPLICIT_DEFAULTS_FOR_TIMESTAMP);
const withoutBoth = without(Flags2.EXPLICIT_DEFAULTS_FOR_TIMESTAMP | Flags2.IF_EXISTS);

/** Of a source that did not write an option, a MySQL server's relay log for example, nothing is said about it. */
function dialectOf({ flavor, serverVersion }: LogState): SessionDialect {
  if (flavor === 'mysql' || serverVersion < 0x0a_05_02) return withoutBoth;
  return writesExplicitDefaults(serverVersion) ? dialect : withoutExplicitDefaults;
}

/** What the log has as microseconds, if it can be some; those of MySQL have a code that MariaDB's tool does not know. */
function microsecondsOf({ microseconds = 0 }: StatusVariables, { flavor }: LogState): number {
  return flavor === 'mariadb' && microseconds < 1_000_000 ? microseconds : 0;
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
  writeTimestamp(out, event.timestamp, microsecondsOf(session.status, state.log));
  if (
    memory.threadId === undefined ||
    (event.hasFlag(EventFlag.THREAD_SPECIFIC) && session.threadId !== memory.threadId)
  ) {
    memory.threadId = session.threadId;
    out.text('SET @@session.pseudo_thread_id=');
    out.integer(state.options.shortForm ? SHORT_FORM_THREAD_ID : session.threadId);
    out.text(END);
  }
  writeSessionChanges(out, memory, session.status, dialectOf(state.log));
}

/** `@@skip_replication` as the event has it; `--flashback` does not hold it back. */
export function writeSkipReplication(state: PrintState, event: RawEvent): void {
  const skip = event.hasFlag(EventFlag.SKIP_REPLICATION);
  if (skip === state.session.skipReplication) return;
  state.session.skipReplication = skip;
  state.direct.text(`/*!50521 SET skip_replication=${skip ? 1 : 0}*/${DELIMITER}\n`);
}
