import { EventFlag, EventType } from '../binlog/index.ts';
import type { GuardEvent } from './event.ts';
import { type QueryInput, queryInput } from './strict-query.ts';
import { PASS, refuse, type Verdict, Violation } from './verdict.ts';

/**
 * Nothing but rows comes through: row events inside transactions, definitions outside of them. Statements are read as a
 * server reads them, and compressed transactions are opened.
 */

type State =
  /** Between transactions. */
  | 'none'
  /** A GTID was seen: a transaction or a definition follows. */
  | 'gtid'
  /** MariaDB: one event follows, and no COMMIT. */
  | 'standalone'
  /** User variables were seen: a definition that uses them follows. */
  | 'userVariable'
  | 'transaction'
  /** XA END was seen: XA PREPARE or the end follows. */
  | 'xaEnded'
  /** A payload was seen: its events follow. */
  | 'payload'
  /** The payload's transaction has ended. */
  | 'payloadEnded';

type Input =
  | QueryInput
  | 'gtid'
  | 'mariadbGtid'
  | 'mariadbStandalone'
  | 'rows'
  | 'userVariable'
  | 'payload'
  | 'incident'
  | 'control';

/** The next state, or why the event may not stand here. */
type Step = State | Violation;

const between: Readonly<Record<Input, Step>> = {
  gtid: 'gtid',
  mariadbGtid: 'transaction',
  mariadbStandalone: 'standalone',
  begin: 'transaction',
  end: 'outsideTransaction',
  savepoint: 'outsideTransaction',
  xaEnd: 'outsideTransaction',
  xaFinish: 'none',
  rows: 'outsideTransaction',
  table: 'none',
  tableOfRows: 'outsideTransaction',
  definition: 'none',
  note: 'none',
  userVariable: 'userVariable',
  payload: 'payload',
  incident: 'none',
  control: 'none',
};

const transitions: Readonly<Record<State, Readonly<Record<Input, Step>>>> = {
  none: between,
  gtid: { ...between, note: 'gtid', control: 'gtid' },
  standalone: {
    ...between,
    gtid: 'insideTransaction',
    mariadbGtid: 'insideTransaction',
    mariadbStandalone: 'insideTransaction',
    begin: 'insideTransaction',
    payload: 'insideTransaction',
    note: 'standalone',
    control: 'standalone',
  },
  userVariable: {
    gtid: 'sessionValue',
    mariadbGtid: 'sessionValue',
    mariadbStandalone: 'sessionValue',
    begin: 'sessionValue',
    end: 'sessionValue',
    savepoint: 'sessionValue',
    xaEnd: 'sessionValue',
    xaFinish: 'sessionValue',
    rows: 'sessionValue',
    table: 'none',
    tableOfRows: 'sessionValue',
    definition: 'none',
    note: 'userVariable',
    userVariable: 'userVariable',
    payload: 'sessionValue',
    incident: 'none',
    control: 'userVariable',
  },
  transaction: {
    gtid: 'insideTransaction',
    mariadbGtid: 'insideTransaction',
    mariadbStandalone: 'insideTransaction',
    begin: 'insideTransaction',
    end: 'none',
    savepoint: 'transaction',
    xaEnd: 'xaEnded',
    xaFinish: 'insideTransaction',
    rows: 'transaction',
    table: 'transaction',
    tableOfRows: 'transaction',
    definition: 'definitionInTransaction',
    note: 'transaction',
    userVariable: 'sessionValue',
    payload: 'insideTransaction',
    incident: 'none',
    control: 'transaction',
  },
  xaEnded: {
    gtid: 'insideTransaction',
    mariadbGtid: 'insideTransaction',
    mariadbStandalone: 'insideTransaction',
    begin: 'insideTransaction',
    end: 'none',
    savepoint: 'outsideTransaction',
    xaEnd: 'outsideTransaction',
    xaFinish: 'none',
    rows: 'outsideTransaction',
    table: 'definitionInTransaction',
    tableOfRows: 'outsideTransaction',
    definition: 'definitionInTransaction',
    note: 'xaEnded',
    userVariable: 'sessionValue',
    payload: 'insideTransaction',
    incident: 'none',
    control: 'xaEnded',
  },
  payload: {
    gtid: 'unfinishedPayload',
    mariadbGtid: 'unfinishedPayload',
    mariadbStandalone: 'unfinishedPayload',
    begin: 'transaction',
    end: 'outsideTransaction',
    savepoint: 'outsideTransaction',
    xaEnd: 'outsideTransaction',
    xaFinish: 'outsideTransaction',
    rows: 'outsideTransaction',
    table: 'definitionInTransaction',
    tableOfRows: 'outsideTransaction',
    definition: 'definitionInTransaction',
    note: 'payload',
    userVariable: 'sessionValue',
    payload: 'unfinishedPayload',
    incident: 'foreignInPayload',
    control: 'unfinishedPayload',
  },
  payloadEnded: {
    gtid: 'foreignInPayload',
    mariadbGtid: 'foreignInPayload',
    mariadbStandalone: 'foreignInPayload',
    begin: 'foreignInPayload',
    end: 'foreignInPayload',
    savepoint: 'foreignInPayload',
    xaEnd: 'foreignInPayload',
    xaFinish: 'foreignInPayload',
    rows: 'foreignInPayload',
    table: 'foreignInPayload',
    tableOfRows: 'foreignInPayload',
    definition: 'foreignInPayload',
    note: 'payloadEnded',
    userVariable: 'foreignInPayload',
    payload: 'foreignInPayload',
    incident: 'foreignInPayload',
    control: 'unfinishedPayload',
  },
};

/** What an event is by its type alone. */
const types = new Map<number, Input | Violation>();
const list = (outcome: Input | Violation, ...codes: readonly number[]): void => {
  for (const code of codes) types.set(code, outcome);
};
list('gtid', EventType.GTID_LOG_EVENT, EventType.ANONYMOUS_GTID_LOG_EVENT, EventType.GTID_TAGGED_LOG_EVENT);
list('end', EventType.XID_EVENT, EventType.XA_PREPARE_LOG_EVENT);
list(
  'rows',
  EventType.TABLE_MAP_EVENT,
  EventType.WRITE_ROWS_EVENT_V1,
  EventType.UPDATE_ROWS_EVENT_V1,
  EventType.DELETE_ROWS_EVENT_V1,
  EventType.WRITE_ROWS_EVENT,
  EventType.UPDATE_ROWS_EVENT,
  EventType.DELETE_ROWS_EVENT,
  EventType.PARTIAL_UPDATE_ROWS_EVENT,
  EventType.WRITE_ROWS_COMPRESSED_EVENT_V1,
  EventType.UPDATE_ROWS_COMPRESSED_EVENT_V1,
  EventType.DELETE_ROWS_COMPRESSED_EVENT_V1,
  EventType.WRITE_ROWS_COMPRESSED_EVENT,
  EventType.UPDATE_ROWS_COMPRESSED_EVENT,
  EventType.DELETE_ROWS_COMPRESSED_EVENT,
  EventType.PARTIAL_ROW_DATA_EVENT,
);
list('note', EventType.ROWS_QUERY_LOG_EVENT, EventType.ANNOTATE_ROWS_EVENT, EventType.VIEW_CHANGE_EVENT);
list('userVariable', EventType.USER_VAR_EVENT);
list('sessionValue', EventType.INTVAR_EVENT, EventType.RAND_EVENT);
list('payload', EventType.TRANSACTION_PAYLOAD_EVENT);
list('incident', EventType.INCIDENT_EVENT);
list(
  'loadData',
  EventType.LOAD_EVENT,
  EventType.CREATE_FILE_EVENT,
  EventType.APPEND_BLOCK_EVENT,
  EventType.EXEC_LOAD_EVENT,
  EventType.DELETE_FILE_EVENT,
  EventType.NEW_LOAD_EVENT,
  EventType.BEGIN_LOAD_QUERY_EVENT,
  EventType.EXECUTE_LOAD_QUERY_EVENT,
);
list(
  'control',
  EventType.FORMAT_DESCRIPTION_EVENT,
  EventType.ROTATE_EVENT,
  EventType.STOP_EVENT,
  EventType.HEARTBEAT_LOG_EVENT,
  EventType.HEARTBEAT_LOG_EVENT_V2,
  EventType.PREVIOUS_GTIDS_LOG_EVENT,
  EventType.TRANSACTION_CONTEXT_EVENT,
  EventType.BINLOG_CHECKPOINT_EVENT,
  EventType.GTID_LIST_EVENT,
  EventType.START_ENCRYPTION_EVENT,
);

const isViolation = (outcome: Step | Input | Violation): outcome is Violation =>
  Object.hasOwn(Violation, outcome);

function inputOf(event: GuardEvent): Input | Violation {
  const { type } = event;
  if (type === EventType.QUERY_EVENT || type === EventType.QUERY_COMPRESSED_EVENT) {
    return event.query === undefined ? 'undecodableQuery' : queryInput(event.query);
  }
  if (type === EventType.GTID_EVENT) return event.standalone === true ? 'mariadbStandalone' : 'mariadbGtid';
  const known = types.get(type);
  if (known !== undefined) return known;
  return (event.flags & EventFlag.IGNORABLE) !== 0 ? 'control' : 'unsupportedEvent';
}

/**
 * Feed it every event of a stream in order. Behind a TRANSACTION_PAYLOAD event that passed, feed the events inside it,
 * then call {@link endPayload}; a payload that is not opened stops the stream at the next event. What was refused does
 * not move the state.
 */
export class StrictGuard {
  #state: State = 'none';
  #inPayload = false;

  /** Whether the event may pass. */
  check(event: GuardEvent): Verdict {
    const input = inputOf(event);
    if (isViolation(input)) return refuse(input);
    const step = transitions[this.#state][input];
    if (isViolation(step)) return refuse(step);
    if (step === 'payload') this.#inPayload = true;
    else if (this.#inPayload && input === 'control') return refuse('foreignInPayload');
    this.#state = step === 'none' && this.#inPayload ? 'payloadEnded' : step;
    return PASS;
  }

  /** Says that the events of a payload are all fed; refuses if its transaction did not end. */
  endPayload(): Verdict {
    const whole = this.#state === 'payloadEnded';
    if (whole) this.reset();
    return whole ? PASS : refuse('unfinishedPayload');
  }

  /** Begins anew, as after a reconnection that starts at a transaction. */
  reset(): void {
    this.#state = 'none';
    this.#inPayload = false;
  }

  /** Whether the last event left no transaction open: a place to cut the stream. */
  get isBetweenTransactions(): boolean {
    return this.#state === 'none';
  }
}
