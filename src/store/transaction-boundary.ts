import { EventType, HEADER_BYTES, MariadbGtidFlag, type RawEvent } from '../binlog/index.ts';

/**
 * Where transactions begin and end in a log, from headers and the first letters of statements.
 *
 *     const boundary = new TransactionBoundary();
 *     boundary.step(event)  →  'outside' | 'begin' | 'inside' | 'end' | 'whole'
 */
export type Boundary =
  /** Belongs to the log, not to a transaction. */
  | 'outside'
  /** Its first event. */
  | 'begin'
  | 'inside'
  /** Its last event. */
  | 'end'
  /** A transaction of one event. */
  | 'whole';

type Kind = 'control' | 'gtid' | 'mariadbGtid' | 'query' | 'end' | 'prefix' | 'body' | 'alone';

const kinds = new Array<Kind>(256).fill('body');
const list = (kind: Kind, ...types: readonly number[]): void => {
  for (const type of types) kinds[type] = kind;
};
list(
  'control',
  EventType.FORMAT_DESCRIPTION_EVENT,
  EventType.START_EVENT_V3,
  EventType.ROTATE_EVENT,
  EventType.STOP_EVENT,
  EventType.PREVIOUS_GTIDS_LOG_EVENT,
  EventType.GTID_LIST_EVENT,
  EventType.BINLOG_CHECKPOINT_EVENT,
  EventType.START_ENCRYPTION_EVENT,
  EventType.HEARTBEAT_LOG_EVENT,
  EventType.HEARTBEAT_LOG_EVENT_V2,
  EventType.SLAVE_EVENT,
);
list('gtid', EventType.GTID_LOG_EVENT, EventType.ANONYMOUS_GTID_LOG_EVENT, EventType.GTID_TAGGED_LOG_EVENT);
list('mariadbGtid', EventType.GTID_EVENT);
list('query', EventType.QUERY_EVENT, EventType.QUERY_COMPRESSED_EVENT);
list('end', EventType.XID_EVENT, EventType.XA_PREPARE_LOG_EVENT);
// These come before the statement that uses them, which may be a transaction of its own.
list(
  'prefix',
  EventType.INTVAR_EVENT,
  EventType.RAND_EVENT,
  EventType.USER_VAR_EVENT,
  EventType.ANNOTATE_ROWS_EVENT,
  EventType.ROWS_QUERY_LOG_EVENT,
  EventType.TRANSACTION_CONTEXT_EVENT,
  EventType.BEGIN_LOAD_QUERY_EVENT,
  EventType.APPEND_BLOCK_EVENT,
  EventType.DELETE_FILE_EVENT,
  EventType.CREATE_FILE_EVENT,
);
list(
  'alone',
  EventType.TRANSACTION_PAYLOAD_EVENT,
  EventType.INCIDENT_EVENT,
  EventType.EXECUTE_LOAD_QUERY_EVENT,
  EventType.EXEC_LOAD_EVENT,
  EventType.LOAD_EVENT,
  EventType.NEW_LOAD_EVENT,
);

type State = 'none' | 'started' | 'open';

export class TransactionBoundary {
  #state: State = 'none';
  /** MariaDB: the GTID says that one statement follows and no commit. */
  #standalone = false;

  /** Whether the next event begins something new. */
  get isBetween(): boolean {
    return this.#state === 'none';
  }

  reset(): void {
    this.#state = 'none';
    this.#standalone = false;
  }

  /** Where this event stands; moves on. */
  step(event: RawEvent): Boundary {
    const kind = kinds[event.type]!;
    if (kind === 'control') return 'outside';
    const begins = this.#state === 'none';
    if (kind === 'gtid' || kind === 'mariadbGtid') {
      // MariaDB's GTID event takes the place of BEGIN. Its flags stand behind sequence number and domain.
      this.#standalone =
        kind === 'mariadbGtid' &&
        (event.bytes[event.start + HEADER_BYTES + 12]! & MariadbGtidFlag.STANDALONE) !== 0;
      this.#state = kind === 'mariadbGtid' && !this.#standalone ? 'open' : 'started';
      return begins ? 'begin' : 'inside';
    }
    if (kind === 'prefix') return this.#go(begins, begins ? 'started' : this.#state);
    if (kind === 'body') return this.#go(begins, 'open');
    if (kind === 'end') return this.#go(begins, 'none');
    // Inside BEGIN … COMMIT, LOAD DATA's last event ends nothing.
    if (kind === 'alone')
      return this.#go(begins, this.#state === 'open' && !isIncident(event) ? 'open' : 'none');
    return this.#go(begins, this.#afterQuery(event));
  }

  #afterQuery(event: RawEvent): State {
    const open = this.#state === 'open';
    if (event.type === EventType.QUERY_COMPRESSED_EVENT) {
      // Servers compress statements that are long: never BEGIN or COMMIT.
      return open ? 'open' : 'none';
    }
    const meaning = queryMeaning(event);
    if (open) return meaning === 'end' ? 'none' : 'open';
    return meaning === 'begin' && !this.#standalone ? 'open' : 'none';
  }

  #go(begins: boolean, next: State): Boundary {
    this.#state = next;
    if (begins) return next === 'none' ? 'whole' : 'begin';
    return next === 'none' ? 'end' : 'inside';
  }
}

function isIncident(event: RawEvent): boolean {
  return event.type === EventType.INCIDENT_EVENT;
}

const QUERY_POST_HEADER = 13;
/** As much of a statement as tells BEGIN and COMMIT apart from everything else. */
const HEAD_BYTES = 24;

/** Servers write these themselves, in capitals; older ones log what the client sent. */
const BEGIN = /^(?:BEGIN|START\s+TRANSACTION|XA\s+(?:START|BEGIN))\b/i;
const END = /^(?:COMMIT|ROLLBACK(?!\s+(?:WORK\s+)?TO\b)|XA\s+(?:COMMIT|ROLLBACK))\b/i;

/** What a QUERY_EVENT is to its transaction. Tells from the bytes: no body is decoded. */
export function queryMeaning(event: RawEvent): 'begin' | 'end' | 'statement' {
  const { bytes, bodyStart, bodyEnd } = event;
  if (bodyEnd - bodyStart < QUERY_POST_HEADER) return 'statement';
  const schemaLength = bytes[bodyStart + 8]!;
  const statusLength = bytes.readUInt16LE(bodyStart + 11);
  const at = bodyStart + QUERY_POST_HEADER + statusLength + schemaLength + 1;
  if (at >= bodyEnd) return 'statement';
  // B, C, R, S, X: nearly every other statement ends here.
  const first = bytes[at]! & 0xdf;
  if (first !== 0x42 && first !== 0x43 && first !== 0x52 && first !== 0x53 && first !== 0x58)
    return 'statement';
  const head = bytes.toString('latin1', at, Math.min(at + HEAD_BYTES, bodyEnd));
  if (BEGIN.test(head)) return 'begin';
  return END.test(head) ? 'end' : 'statement';
}
