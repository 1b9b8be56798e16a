import { EventType } from './event-type.ts';
import { MariadbGtidFlag } from './events/mariadb-gtid.ts';
import { RowsFlag, rowsShape } from './events/rows.ts';
import type { RawEvent } from './raw-event.ts';

/**
 * Where an event stands in its transaction. `alone`: it is a whole transaction by itself; `outside`: it belongs to none (format
 * descriptions, rotates, lists of GTIDs). The log may be cut before `begins` and `alone`, and behind `ends`, `alone` and `outside`.
 */
export type TransactionPlace = 'outside' | 'begins' | 'inside' | 'ends' | 'alone';

type State =
  | 'between'
  /** Something announced a transaction or a statement: a GTID, or the values that a statement uses. */
  | 'announced'
  /** MariaDB: one statement follows, and no COMMIT. */
  | 'standalone'
  | 'transaction';

type Input =
  /** MySQL: a transaction follows, or one statement. */
  | 'gtid'
  | 'mariadbGtid'
  | 'mariadbStandalone'
  | 'begin'
  | 'end'
  /** A transaction by itself, unless one is open. */
  | 'statement'
  /** Belongs to the statement that follows. */
  | 'preStatement'
  /** A compressed transaction, whole but for its GTID. */
  | 'payload'
  | 'incident'
  | 'ignored';

type Step = readonly [next: State, place: TransactionPlace];

/** What begins anew where something was left open: a source that crashed. */
const begins: Readonly<Record<'gtid' | 'mariadbGtid' | 'mariadbStandalone', Step>> = {
  gtid: ['announced', 'begins'],
  mariadbGtid: ['transaction', 'begins'],
  mariadbStandalone: ['standalone', 'begins'],
};

const ALONE: Step = ['between', 'alone'];
const ENDS: Step = ['between', 'ends'];

const transitions: Readonly<Record<State, Readonly<Record<Input, Step>>>> = {
  between: {
    ...begins,
    begin: ['transaction', 'begins'],
    end: ALONE,
    statement: ALONE,
    preStatement: ['announced', 'begins'],
    payload: ALONE,
    incident: ALONE,
    ignored: ['between', 'outside'],
  },
  announced: {
    ...begins,
    begin: ['transaction', 'inside'],
    end: ENDS,
    statement: ENDS,
    preStatement: ['announced', 'inside'],
    payload: ENDS,
    incident: ENDS,
    ignored: ['announced', 'inside'],
  },
  standalone: {
    ...begins,
    begin: ['transaction', 'inside'],
    end: ENDS,
    statement: ENDS,
    preStatement: ['standalone', 'inside'],
    payload: ENDS,
    incident: ENDS,
    ignored: ['standalone', 'inside'],
  },
  transaction: {
    ...begins,
    begin: ['transaction', 'begins'],
    end: ENDS,
    statement: ['transaction', 'inside'],
    preStatement: ['transaction', 'inside'],
    payload: ENDS,
    incident: ENDS,
    ignored: ['transaction', 'inside'],
  },
};

const inputs = new Map<number, Input>([
  [EventType.GTID_LOG_EVENT, 'gtid'],
  [EventType.ANONYMOUS_GTID_LOG_EVENT, 'gtid'],
  [EventType.GTID_TAGGED_LOG_EVENT, 'gtid'],
  [EventType.XID_EVENT, 'end'],
  [EventType.XA_PREPARE_LOG_EVENT, 'end'],
  [EventType.INTVAR_EVENT, 'preStatement'],
  [EventType.RAND_EVENT, 'preStatement'],
  [EventType.USER_VAR_EVENT, 'preStatement'],
  [EventType.BEGIN_LOAD_QUERY_EVENT, 'preStatement'],
  [EventType.APPEND_BLOCK_EVENT, 'preStatement'],
  [EventType.TABLE_MAP_EVENT, 'preStatement'],
  [EventType.ROWS_QUERY_LOG_EVENT, 'preStatement'],
  [EventType.ANNOTATE_ROWS_EVENT, 'preStatement'],
  [EventType.PARTIAL_ROW_DATA_EVENT, 'preStatement'],
  [EventType.EXECUTE_LOAD_QUERY_EVENT, 'statement'],
  [EventType.DELETE_FILE_EVENT, 'statement'],
  [EventType.VIEW_CHANGE_EVENT, 'statement'],
  [EventType.QUERY_COMPRESSED_EVENT, 'statement'],
  [EventType.TRANSACTION_PAYLOAD_EVENT, 'payload'],
  [EventType.INCIDENT_EVENT, 'incident'],
]);

/** Thread id 4, seconds 4, length of the default database 1, error 2, length of the status variables 2. */
const QUERY_FIXED_BYTES = 13;
/** Longer than every word that is looked for. */
const QUERY_HEAD_BYTES = 12;

/** What a statement is to its transaction. Servers write these words themselves, in capitals. */
function queryInput({ bytes, bodyStart, bodyEnd }: RawEvent): Input {
  if (bodyEnd - bodyStart < QUERY_FIXED_BYTES) return 'statement';
  const at = bodyStart + QUERY_FIXED_BYTES + bytes.readUInt16LE(bodyStart + 11) + bytes[bodyStart + 8]! + 1;
  const length = bodyEnd - at;
  const first = length > 0 ? bytes[at] : undefined;
  // B, C, R and X: no other first letter says anything here.
  if (first !== 0x42 && first !== 0x43 && first !== 0x52 && first !== 0x58) return 'statement';
  const head = bytes.toString('latin1', at, Math.min(bodyEnd, at + QUERY_HEAD_BYTES));
  if (head === 'BEGIN' || head.startsWith('XA START')) return 'begin';
  if (head === 'COMMIT' || head === 'ROLLBACK') return 'end';
  // XA COMMIT and XA ROLLBACK finish what was prepared in an earlier transaction: alone, or the end of what is open.
  return head.startsWith('XA COMMIT') || head.startsWith('XA ROLLBACK') ? 'end' : 'statement';
}

function inputOf(event: RawEvent): Input {
  const { type, bytes, bodyStart, bodyEnd } = event;
  if (type === EventType.QUERY_EVENT) return queryInput(event);
  if (type === EventType.GTID_EVENT) {
    const flags = bodyEnd - bodyStart > 12 ? bytes[bodyStart + 12]! : 0;
    return (flags & MariadbGtidFlag.STANDALONE) === 0 ? 'mariadbGtid' : 'mariadbStandalone';
  }
  if (rowsShape(type) !== undefined) {
    const flags = bodyEnd - bodyStart >= 8 ? bytes.readUInt16LE(bodyStart + 6) : 0;
    return (flags & RowsFlag.STMT_END) === 0 ? 'preStatement' : 'statement';
  }
  return inputs.get(type) ?? 'ignored';
}

/**
 * Follows where transactions begin and end, by the events' types and the first words of statements; nothing is decoded. Feed it the
 * events of one log in order. The events inside a TRANSACTION_PAYLOAD_EVENT are not fed.
 */
export class TransactionTracker {
  #state: State = 'between';

  /** Where the event stands. */
  place(event: RawEvent): TransactionPlace {
    const [next, place] = transitions[this.#state][inputOf(event)];
    this.#state = next;
    return place;
  }

  /** Whether the last event left no transaction open. */
  get isBetween(): boolean {
    return this.#state === 'between';
  }

  /** Begins anew: at the start of a log, where nothing of the one before is open any more, and after a reconnection. */
  reset(): void {
    this.#state = 'between';
  }
}
