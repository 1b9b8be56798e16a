import { expect, test } from 'vitest';
import {
  type EventBody,
  EventFlag,
  EventType,
  encodeEvent,
  encodePayload,
  LogState,
  loadZstd,
  RawEvent,
} from '../../binlog/index.ts';
import { EventJudge } from './event-judge.ts';

const state = new LogState();

function eventOf(type: number, body: object, checksum = false): RawEvent {
  const header = { timestamp: 1, type, serverId: 1, logPos: 0, flags: 0 };
  const bytes = encodeEvent(header, body as EventBody, state, { checksum });
  const event = new RawEvent();
  event.aim(bytes, 0, bytes.length, 4, checksum);
  return event;
}

/** FLAGS2, SQL_MODE, CHARSET utf8mb4_0900_ai_ci, as MySQL writes them first. */
const STATUS = Buffer.from('0000000000' + '010000000000000000' + '04ff00ff00ff00', 'hex');

const query = (statement: string, status = STATUS): RawEvent =>
  eventOf(EventType.QUERY_EVENT, {
    kind: 'query',
    threadId: 1,
    executionSeconds: 0,
    errorCode: 0,
    status: { bytes: status },
    schema: Buffer.from('d'),
    statement: Buffer.from(statement),
  });
const xid = (): RawEvent => eventOf(EventType.XID_EVENT, { kind: 'xid', xid: 7n });
const rows = (): RawEvent =>
  eventOf(EventType.WRITE_ROWS_EVENT, {
    kind: 'rows',
    shape: { operation: 'insert', version: 2, compressed: false, partial: false },
    tableId: 1,
    flags: 1,
    extra: Buffer.alloc(0),
    columnCount: 1,
    present: Buffer.of(1),
    presentAfter: Buffer.of(1),
    images: Buffer.of(0, 1, 0, 0, 0),
    block: undefined,
  });
const payload = (...events: RawEvent[]): RawEvent =>
  eventOf(
    EventType.TRANSACTION_PAYLOAD_EVENT,
    encodePayload(Buffer.concat(events.map((event) => event.view())), 'none'),
  );

function judged(...events: RawEvent[]): (string | undefined)[] {
  const judge = new EventJudge('mysql');
  return events.map((event) => judge.check(event)?.refusal.violation);
}

test('rows in transactions and definitions outside pass', () => {
  const events = [
    query('BEGIN'),
    rows(),
    xid(),
    query('CREATE TABLE d.t (a INT)'),
    query('BEGIN'),
    query('COMMIT'),
  ];
  expect(judged(...events)).toEqual(events.map(() => undefined));
});

test('statements that change rows do not, and are told apart by a digest that has no data of theirs', () => {
  const judge = new EventJudge('mysql');
  const digests = [
    "INSERT INTO t VALUES (1, 'secret')",
    "insert into t values (22, 'other')",
    'DELETE FROM t',
  ].map((statement) => {
    const judgement = judge.check(query(statement));
    expect(judgement?.refusal.violation).toBe('statementChange');
    return judgement?.digest;
  });
  expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(digests[1]).toBe(digests[0]);
  expect(digests[2]).not.toBe(digests[0]);
});

test('compressed transactions are opened', () => {
  expect(judged(payload(query('BEGIN'), rows(), xid()), query('BEGIN'))).toEqual([undefined, undefined]);
  expect(judged(payload(query('BEGIN'), query('DELETE FROM t'), xid()))).toEqual(['statementChange']);
  expect(judged(payload(query('BEGIN'), rows()))).toEqual(['unfinishedPayload']);
  expect(judged(payload(query('BEGIN'), rows(), xid(), query('BEGIN')))).toEqual(['foreignInPayload']);
  expect(() => judged(payload(query('BEGIN'), payload(query('BEGIN'), xid())))).toThrow('inside a payload');
});

test('what cannot be read does not pass, nor what a server would read with the settings of the event before', () => {
  const cut = query('DELETE FROM t');
  cut.bodyEnd = cut.bodyStart + 5;
  expect(judged(cut)).toEqual(['undecodableQuery']);
  const statement = "CREATE TABLE x (a INT) COMMENT '\\' AS SELECT 1 AS b -- '";
  expect(judged(query(statement))).toEqual([undefined]);
  expect(judged(query(statement, Buffer.alloc(0)))).toEqual(['createSelect']);
});

test('what was refused leaves no trace; a reconnection begins between transactions', () => {
  const judge = new EventJudge('mysql');
  expect(judge.check(query('BEGIN'))).toBeUndefined();
  expect(judge.check(query('DROP TABLE t'))?.refusal.violation).toBe('definitionInTransaction');
  expect(judge.check(rows())).toBeUndefined();
  judge.reset();
  expect(judge.check(rows())?.refusal.violation).toBe('outsideTransaction');
});

test('what a crash of the source left open ends where the next file begins', () => {
  const rotate = (): RawEvent =>
    eventOf(EventType.ROTATE_EVENT, { kind: 'rotate', position: 4n, nextFile: Buffer.from('b.000002') });
  const madeUp = rotate();
  madeUp.flags |= EventFlag.ARTIFICIAL;
  expect(judged(query('BEGIN'), rows(), madeUp, query('DROP TABLE t'))).toEqual(Array(4).fill(undefined));
  expect(judged(query('BEGIN'), rows(), madeUp, rows())).toEqual([
    undefined,
    undefined,
    undefined,
    'outsideTransaction',
  ]);
  // In the log itself, none stands in a transaction.
  expect(judged(query('BEGIN'), rotate(), query('DROP TABLE t'))[2]).toBe('definitionInTransaction');
});

test('a BEGIN that comes again is judged where it stands, and what only looks like it for itself', () => {
  const judge = new EventJudge('mysql');
  const check = (event: RawEvent): string | undefined => {
    const found = judge.check(event)?.refusal.violation;
    // Events are borrowed: their memory is used again.
    event.bytes.fill(0xff);
    return found;
  };
  const pass = [query('BEGIN'), rows(), xid(), query('BEGIN'), rows(), xid(), query('BEGIN')];
  expect(pass.map(check)).toEqual(pass.map(() => undefined));
  expect(check(query('BEGIN'))).toBe('insideTransaction');
  expect(check(xid())).toBeUndefined();
  const alike = query('DELET');
  const [alone] = judged(query('DELET'));
  expect(alone).toBeDefined();
  expect(check(alike)).toBe(alone);
  expect(check(query('BEGIN'))).toBeUndefined();
});

/** An event, and zeros behind it: together so many blocks of 128 KiB as zstd packs them where they repeat. */
function packed(first: RawEvent, blocks: number): RawEvent {
  const bytes = first.view();
  const size = bytes.length + blocks * 0x2_0000;
  const u24 = (value: number): number[] => [value & 0xff, (value >> 8) & 0xff, value >> 16];
  const repeated = Array.from({ length: blocks }, (_, at) => {
    const last = at === blocks - 1 ? 1 : 0;
    return Buffer.from([...u24((0x2_0000 << 3) | 2 | last), 0]);
  });
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, ...u24(size & 0xff_ffff), size >> 24]);
  const frame = Buffer.concat([head, Buffer.from(u24(bytes.length << 3)), bytes, ...repeated]);
  return eventOf(EventType.TRANSACTION_PAYLOAD_EVENT, {
    kind: 'transactionPayload',
    fields: [
      { type: 2, value: Buffer.of(0) },
      { type: 1, value: Buffer.of(252, frame.length & 0xff, frame.length >> 8) },
      { type: 3, value: Buffer.from([253, ...u24(size)]) },
    ],
    payloadSize: frame.length,
    compressionType: 0,
    uncompressedSize: size,
    payload: frame,
  });
}

test('a large payload that is refused gives its memory back', async () => {
  await loadZstd();
  const hostile = packed(query('DELETE FROM t'), 100);
  const before = process.memoryUsage().external;
  for (let round = 0; round < 20; round += 1) expect(judged(hostile)).toEqual(['statementChange']);
  // Each has a window of 13 MB.
  expect(process.memoryUsage().external - before).toBeLessThan(60_000_000);
});
