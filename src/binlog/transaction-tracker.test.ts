import { describe, expect, test } from 'vitest';
import { EventType } from './event-type.ts';
import { RawEvent } from './raw-event.ts';
import { TransactionTracker } from './transaction-tracker.ts';

const {
  ANNOTATE_ROWS_EVENT: ANNOTATE,
  FORMAT_DESCRIPTION_EVENT: FORMAT,
  GTID_LOG_EVENT: GTID,
  INTVAR_EVENT: INTVAR,
  ROTATE_EVENT: ROTATE,
  TABLE_MAP_EVENT: TABLE_MAP,
  TRANSACTION_PAYLOAD_EVENT: PAYLOAD,
  XA_PREPARE_LOG_EVENT: XA_PREPARE,
  XID_EVENT: XID,
} = EventType;

function eventOf(type: number, body: Buffer = Buffer.alloc(0)): RawEvent {
  const bytes = Buffer.alloc(19 + body.length);
  bytes[4] = type;
  body.copy(bytes, 19);
  const event = new RawEvent();
  event.aim(bytes, 0, bytes.length, 4, false);
  return event;
}

/** A Query event with a default database and a status variable, as servers write them. */
function query(statement: string): RawEvent {
  const head = Buffer.alloc(13);
  head[8] = 2;
  head.writeUInt16LE(5, 11);
  return eventOf(
    EventType.QUERY_EVENT,
    Buffer.concat([head, Buffer.alloc(5), Buffer.from(`db\0${statement}`)]),
  );
}

const mariadb = (flags: number): RawEvent =>
  eventOf(EventType.GTID_EVENT, Buffer.concat([Buffer.alloc(12), Buffer.of(flags), Buffer.alloc(6)]));
const rows = (flags: number): RawEvent =>
  eventOf(EventType.WRITE_ROWS_EVENT, Buffer.concat([Buffer.alloc(6), Buffer.of(flags, 0)]));

const STANDALONE = 1;
const TRANSACTIONAL = 4;
const STMT_END = 1;

/** What stands in a log → where each of it stands. `(` begins, `.` inside, `)` ends, `o` alone, `-` outside. */
const logs: readonly (readonly [name: string, events: readonly RawEvent[], places: string])[] = [
  [
    'a transaction',
    [eventOf(GTID), query('BEGIN'), eventOf(TABLE_MAP), rows(STMT_END), eventOf(XID)],
    '(...)',
  ],
  ['a transaction without GTIDs', [query('BEGIN'), eventOf(TABLE_MAP), rows(0), query('COMMIT')], '(..)'],
  ['a definition', [eventOf(GTID), query('CREATE TABLE t (a INT)'), query('DROP TABLE t')], '()o'],
  ['values of a statement', [eventOf(INTVAR), query('INSERT INTO t VALUES (NULL)'), query('BEGIN')], '()('],
  ['a rollback', [query('BEGIN'), query('INSERT …'), query('ROLLBACK TO `s`'), query('ROLLBACK')], '(..)'],
  ['a name that begins like a word', [query('BEGIN'), query('BEGINNING'), query('COMMITTED')], '(..'],
  [
    'XA in two parts',
    [
      eventOf(GTID),
      query("XA START X'61',X'',1"),
      rows(STMT_END),
      query("XA END X'61',X'',1"),
      eventOf(XA_PREPARE),
      eventOf(GTID),
      query("XA COMMIT X'61',X'',1"),
    ],
    '(...)()',
  ],
  ['a compressed transaction', [eventOf(GTID), eventOf(PAYLOAD), eventOf(PAYLOAD)], '()o'],
  [
    'what belongs to none',
    [eventOf(FORMAT), eventOf(EventType.PREVIOUS_GTIDS_LOG_EVENT), eventOf(ROTATE)],
    '---',
  ],
  [
    'a source that crashed',
    [eventOf(GTID), query('BEGIN'), eventOf(GTID), query('BEGIN'), eventOf(XID)],
    '(.(.)',
  ],
  [
    'MariaDB',
    [mariadb(TRANSACTIONAL), eventOf(ANNOTATE), eventOf(TABLE_MAP), rows(STMT_END), eventOf(XID)],
    '(...)',
  ],
  [
    'MariaDB, alone',
    [mariadb(STANDALONE), eventOf(INTVAR), query('CREATE TABLE t'), mariadb(STANDALONE)],
    '(.)(',
  ],
  ['rows without BEGIN', [eventOf(TABLE_MAP), rows(0), rows(STMT_END)], '(.)'],
  ['a lost event that the server tells of', [eventOf(EventType.INCIDENT_EVENT)], 'o'],
];

const marks = { begins: '(', inside: '.', ends: ')', alone: 'o', outside: '-' } as const;

describe('where an event stands in its transaction', () => {
  test.each(logs)('%s', (_, events, expected) => {
    const tracker = new TransactionTracker();
    expect(events.map((event) => marks[tracker.place(event)]).join('')).toBe(expected);
    expect(tracker.isBetween).toBe(/[)o-]$/.test(expected));
    tracker.reset();
    expect(tracker.isBetween).toBe(true);
  });
});
