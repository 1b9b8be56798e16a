import { type EventBody, EventFlag, EventType, type RawEvent } from '../binlog/index.ts';
import type { GuardEvent } from './event.ts';
import { PASS, type Refusal, refuse, type Verdict, type Violation } from './verdict.ts';

/**
 * The rule of `mysqlbinlog --require-row-format`, with its weak points: it reads the first letters of a statement rather
 * than the statement. For output that must agree with that program, not for protection.
 */

type State = 'none' | 'gtid' | 'ddl' | 'dml' | 'error';
type Boundary =
  | 'gtid'
  | 'begin'
  | 'end'
  | 'statement'
  | 'preStatement'
  | 'payload'
  | 'incident'
  | 'ignore'
  | 'error';

/** Each event moves the state; unexpected ones do too, and are no violation by themselves. */
const transitions: Readonly<Record<State, Readonly<Record<Boundary, State>>>> = {
  none: row('none', { preStatement: 'ddl' }),
  gtid: row('gtid', { statement: 'none', preStatement: 'ddl' }),
  ddl: row('ddl', { statement: 'none' }),
  dml: row('dml', {}),
  error: row('error', { statement: 'none', preStatement: 'none' }),
};

function row(state: State, own: Partial<Record<Boundary, State>>): Record<Boundary, State> {
  return {
    gtid: 'gtid',
    begin: 'dml',
    end: 'none',
    statement: state,
    preStatement: state,
    payload: 'none',
    incident: 'none',
    ignore: state,
    error: 'error',
    ...own,
  };
}

const boundaries = new Map<number, Boundary>([
  [EventType.GTID_LOG_EVENT, 'gtid'],
  [EventType.ANONYMOUS_GTID_LOG_EVENT, 'gtid'],
  [EventType.GTID_TAGGED_LOG_EVENT, 'gtid'],
  [EventType.XID_EVENT, 'end'],
  [EventType.XA_PREPARE_LOG_EVENT, 'end'],
  [EventType.INTVAR_EVENT, 'preStatement'],
  [EventType.RAND_EVENT, 'preStatement'],
  [EventType.USER_VAR_EVENT, 'preStatement'],
  [EventType.EXECUTE_LOAD_QUERY_EVENT, 'statement'],
  [EventType.TABLE_MAP_EVENT, 'statement'],
  [EventType.APPEND_BLOCK_EVENT, 'statement'],
  [EventType.BEGIN_LOAD_QUERY_EVENT, 'statement'],
  [EventType.ROWS_QUERY_LOG_EVENT, 'statement'],
  [EventType.WRITE_ROWS_EVENT, 'statement'],
  [EventType.UPDATE_ROWS_EVENT, 'statement'],
  [EventType.DELETE_ROWS_EVENT, 'statement'],
  [EventType.WRITE_ROWS_EVENT_V1, 'statement'],
  [EventType.UPDATE_ROWS_EVENT_V1, 'statement'],
  [EventType.DELETE_ROWS_EVENT_V1, 'statement'],
  [EventType.VIEW_CHANGE_EVENT, 'statement'],
  [EventType.PARTIAL_UPDATE_ROWS_EVENT, 'statement'],
  [EventType.INCIDENT_EVENT, 'incident'],
  [EventType.ROTATE_EVENT, 'ignore'],
  [EventType.FORMAT_DESCRIPTION_EVENT, 'ignore'],
  [EventType.HEARTBEAT_LOG_EVENT, 'ignore'],
  [EventType.HEARTBEAT_LOG_EVENT_V2, 'ignore'],
  [EventType.PREVIOUS_GTIDS_LOG_EVENT, 'ignore'],
  [EventType.STOP_EVENT, 'ignore'],
  [EventType.DELETE_FILE_EVENT, 'ignore'],
  [EventType.TRANSACTION_CONTEXT_EVENT, 'ignore'],
  [EventType.TRANSACTION_PAYLOAD_EVENT, 'payload'],
]);

const LOAD_EVENTS: ReadonlySet<number> = new Set([
  EventType.BEGIN_LOAD_QUERY_EVENT,
  EventType.EXECUTE_LOAD_QUERY_EVENT,
  EventType.APPEND_BLOCK_EVENT,
  EventType.DELETE_FILE_EVENT,
]);

/** A statement of this length or less is not looked at for TEMPORARY. */
const TEMPORARY_BEYOND_BYTES = 16;
const TEMPORARY = ['CREATE TEMPORARY', 'DROP TEMPORARY'];
const ALLOWED_IN_TRANSACTION = ['XA END', 'XA PREPARE', 'SAVEPOINT', 'CREATE TABLE'];

/** As much of a statement as any rule looks at, one character a byte. */
const headOf = (query: Uint8Array): string => Buffer.from(query.subarray(0, 24)).toString('latin1');

const startsWith = (head: string, prefixes: readonly string[]): boolean => {
  const upper = head.toUpperCase();
  return prefixes.some((prefix) => upper.startsWith(prefix));
};

function queryBoundary(head: string): Boundary {
  if (head === '') return 'error';
  // Compared over the statement's own length: `BE` counts as BEGIN. In capitals only.
  if ('BEGIN'.startsWith(head) || head.startsWith('XA START')) return 'begin';
  if ('COMMIT'.startsWith(head)) return 'end';
  if (startsWith(head, ['ROLLBACK']) && !startsWith(head, ['ROLLBACK TO '])) return 'end';
  return startsWith(head, ['XA ROLLBACK']) ? 'end' : 'statement';
}

/** What mysqlbinlog prints on standard error where it cannot tell what an event is. */
export const UNEXPECTED_EVENT_LINE = 'ERROR: Unexpected event being evaluated under --require-row-format.';

/** What mysqlbinlog prints on standard error before it ends with status 1. */
export function mysqlbinlogErrorLine(refusal: Refusal): string {
  return refusal.violation === 'undecodableQuery'
    ? UNEXPECTED_EVENT_LINE
    : 'ERROR: Event being written violates the --require-row-format parameter constraints.';
}

/** `--require-row-format` as mysqlbinlog 9.7 has it: a transaction's events, judged in their order. */
export class MysqlbinlogGuard {
  #state: State = 'none';

  /** Says whether mysqlbinlog would print the event, and moves on. The events of a payload are not fed to it. */
  checkEvent({ type, flags }: RawEvent, body: EventBody): Verdict {
    if (body.kind !== 'query') return this.check({ type, flags });
    const { statement, status } = body;
    const query = { statement, sqlMode: Number(status.sqlMode ?? 0n), flavor: 'mysql' } as const;
    return this.check({ type, flags, query });
  }

  /** The same for what is known of an event without its bytes. */
  check(event: GuardEvent): Verdict {
    const isQuery = event.type === EventType.QUERY_EVENT;
    if (isQuery && event.query === undefined) return refuse('undecodableQuery');
    const head = isQuery && event.query !== undefined ? headOf(event.query.statement) : '';
    const ignorable = (event.flags & EventFlag.IGNORABLE) !== 0;
    const boundary = isQuery
      ? queryBoundary(head)
      : (boundaries.get(event.type) ?? (ignorable ? 'ignore' : 'error'));
    const state = transitions[this.#state][boundary];
    this.#state = state;
    const violation = violationOf(event, boundary, state, head);
    return violation === undefined ? PASS : refuse(violation);
  }
}

/** `state`: the one after the event. */
function violationOf(
  event: GuardEvent,
  boundary: Boundary,
  state: State,
  head: string,
): Violation | undefined {
  if (boundary === 'error') return event.type === EventType.QUERY_EVENT ? 'emptyQuery' : 'unsupportedEvent';
  if (boundary === 'preStatement') {
    return event.type === EventType.USER_VAR_EVENT && state === 'ddl' ? undefined : 'sessionValue';
  }
  if (
    (boundary === 'statement' || state === 'none') &&
    event.query !== undefined &&
    event.query.statement.length > TEMPORARY_BEYOND_BYTES &&
    startsWith(head, TEMPORARY)
  ) {
    return 'temporaryTable';
  }
  if (LOAD_EVENTS.has(event.type)) return 'loadData';
  if (boundary !== 'statement' || state !== 'dml' || event.type !== EventType.QUERY_EVENT) return undefined;
  return startsWith(head, ALLOWED_IN_TRANSACTION) ? undefined : 'statementChange';
}
