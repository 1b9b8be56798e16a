import { EventFlag, Flags2, type RawEvent, type StatusVariables } from '../../binlog/index.ts';
import { END } from '../delimiter.ts';
import { writeIdentifier } from '../output/identifier.ts';
import type { TextOutput } from '../output/text-output.ts';
import {
  type SessionDialect,
  type SessionOption,
  SHORT_FORM_THREAD_ID,
  writeNumber,
  writeSessionChanges,
  writeTimestamp,
} from '../session-settings.ts';
import { charsetName } from './collations.ts';
import type { PrintState } from './print-state.ts';
import type { SessionMemory } from './session-memory.ts';
import { isTransactionKeyword } from './statement-kind.ts';

/** A statement's session, whichever event carries it. */
export interface StatementSession {
  readonly threadId: number;
  readonly schema: Buffer;
  readonly status: StatusVariables;
  readonly statement: Buffer;
}

const options: readonly SessionOption[] = [
  { bit: Flags2.NO_FOREIGN_KEY_CHECKS, name: 'foreign_key_checks', setMeansOn: false },
  { bit: Flags2.AUTO_IS_NULL, name: 'sql_auto_is_null', setMeansOn: true },
  { bit: Flags2.RELAXED_UNIQUE_CHECKS, name: 'unique_checks', setMeansOn: false },
  { bit: Flags2.NOT_AUTOCOMMIT, name: 'autocommit', setMeansOn: false },
];

/** What the client's command-line tool and the server are told of character sets. */
export function writeCharset(out: TextOutput, client: number, connection: number, server: number): void {
  const name = charsetName(client);
  if (name !== undefined) out.text(`/*!\\C ${name} */${END}`);
  out.text('SET @@session.character_set_client=');
  out.integer(client);
  out.text(',@@session.collation_connection=');
  out.integer(connection);
  out.text(',@@session.collation_server=');
  out.integer(server);
  out.text(END);
}

/** Modes of servers before 8.0.5 that later ones refuse: NO_AUTO_CREATE_USER and those named after other databases. */
const RETIRED_SQL_MODES = 0x1003_ff00n;

const dialect: SessionDialect = {
  options,
  sqlModeSuffix: (mode) => ((mode & RETIRED_SQL_MODES) === 0n ? '' : '/*!80005 &~0x1003ff00*/'),
  writeCharset,
  writeCollations: () => {},
};

/** Settings that print whenever the log has them, changed or not. */
function writeStatementOnly(out: TextOutput, memory: SessionMemory, status: StatusVariables): void {
  if (status.explicitDefaultsForTimestamp !== undefined) {
    writeNumber(
      out,
      'SET @@session.explicit_defaults_for_timestamp=',
      status.explicitDefaultsForTimestamp === 0 ? 0 : 1,
    );
  }
  const utf8mb4 = status.defaultCollationForUtf8mb4 ?? 0;
  if (utf8mb4 !== memory.defaultCollationForUtf8mb4) {
    if (utf8mb4 !== 0)
      writeNumber(out, '/*!80011 SET @@session.default_collation_for_utf8mb4=', utf8mb4, `*/${END}`);
    memory.defaultCollationForUtf8mb4 = utf8mb4;
  }
  if (status.sqlRequirePrimaryKey !== undefined) {
    writeNumber(
      out,
      '/*!80013 SET @@session.sql_require_primary_key=',
      status.sqlRequirePrimaryKey,
      `*/${END}`,
    );
  }
  if (status.defaultTableEncryption !== undefined) {
    writeNumber(
      out,
      '/*!80016 SET @@session.default_table_encryption=',
      status.defaultTableEncryption,
      `*/${END}`,
    );
  }
  const cascade = status.enableCascadeTriggers ?? 0;
  if (cascade !== memory.enableCascadeTriggers) {
    writeNumber(out, '/*!90700 SET @@session.enable_cascade_triggers=', cascade, `*/${END}`);
    memory.enableCascadeTriggers = cascade;
  }
}

function writeDefaultDatabase(
  out: TextOutput,
  memory: SessionMemory,
  event: RawEvent,
  name: Buffer,
  isKeyword: boolean,
): void {
  if (event.hasFlag(EventFlag.SUPPRESS_USE)) {
    // CREATE and DROP DATABASE: the default database may be gone, so what follows has to say it again.
    if (!isKeyword) memory.schema = '';
    return;
  }
  const schema = name.toString('latin1');
  if (schema === memory.schema) return;
  memory.schema = schema;
  if (schema === '') return;
  out.text('use ');
  writeIdentifier(out, name);
  out.text(END);
}

/** Everything a statement's text needs before it to run as it ran: its database, its time, what changed of its session. */
export function writeSessionSettings(
  state: PrintState,
  out: TextOutput,
  event: RawEvent,
  session: StatementSession,
): void {
  const memory = state.session;
  const { options: chosen } = state;
  const { status } = session;
  writeDefaultDatabase(out, memory, event, session.schema, isTransactionKeyword(session.statement));
  writeTimestamp(out, event.timestamp, status.microseconds ?? 0);
  const threadMatters =
    memory.threadId === undefined ||
    (event.hasFlag(EventFlag.THREAD_SPECIFIC) && session.threadId !== memory.threadId);
  if (threadMatters && chosen.requireRowFormat === 'off') {
    writeNumber(
      out,
      'SET @@session.pseudo_thread_id=',
      chosen.shortForm ? SHORT_FORM_THREAD_ID : session.threadId,
    );
    memory.threadId = session.threadId;
  }
  writeSessionChanges(out, memory, status, dialect);
  writeStatementOnly(out, memory, status);
}
