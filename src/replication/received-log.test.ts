import { expect, test } from 'vitest';
import { EventFlag, EventType, RawEvent } from '../binlog/index.ts';
import { FormatError } from '../errors/index.ts';
import { ReceivedLog } from './received-log.ts';

const HEADER_BYTES = 19;
/** In a log larger than a request for a dump can name. */
const BEYOND = 2 ** 32 + 500;

/** An event of a source; of a log's larger ones only the header is looked at. */
function event(type: number, end: number, { length = 0, flags = 0, body = Buffer.alloc(0) } = {}): RawEvent {
  const bytes = Buffer.alloc(HEADER_BYTES + body.length);
  body.copy(bytes, HEADER_BYTES);
  const made = new RawEvent();
  bytes.writeUInt32LE(1, 0);
  bytes[4] = type;
  bytes.writeUInt32LE(bytes.length, 9);
  bytes.writeUInt32LE(end % 2 ** 32, 13);
  bytes.writeUInt16LE(flags, 17);
  made.aim(bytes, 0, bytes.length, 0, false);
  if (length > 0) made.length = length;
  return made;
}

function rotateTo(file: string): RawEvent {
  const body = Buffer.concat([Buffer.from([4, 0, 0, 0, 0, 0, 0, 0]), Buffer.from(file)]);
  return event(EventType.ROTATE_EVENT, 0, { flags: EventFlag.ARTIFICIAL, body });
}

const description = (): RawEvent =>
  event(EventType.FORMAT_DESCRIPTION_EVENT, 124, { length: 120, body: Buffer.alloc(76) });

const filling = (from: number, to: number): RawEvent =>
  event(EventType.IGNORABLE_LOG_EVENT, to, { length: to - from });

/** What a source sends of a log from its start, to one who has read beyond 4 GiB. */
function resumed(): ReceivedLog {
  const received = new ReceivedLog();
  received.begin(
    { by: 'position', file: 'log.000001', position: BEYOND, gtids: undefined },
    'mysql',
    false,
    true,
  );
  expect(received.receive(rotateTo('log.000001'))).toBe('stream');
  expect(received.receive(description())).toBe('stream');
  return received;
}

test('what was read beyond 4 GiB is passed over, and nothing of the log that follows', () => {
  const received = resumed();
  expect(received.receive(filling(124, BEYOND))).toBe('nothing');
  expect(received.receive(rotateTo('log.000002'))).toBe('stream');
  expect(received.receive(description())).toBe('log');
  expect(received.receive(filling(124, 300))).toBe('log');
  expect(received.boundary).toMatchObject({ file: 'log.000002', position: 300 });
});

test('a log that ends before what was read of it is an error', () => {
  for (const over of [
    (received: ReceivedLog) => received.receive(rotateTo('log.000002')),
    (received: ReceivedLog) => received.checkReached(),
    (received: ReceivedLog) =>
      received.receive(event(EventType.HEARTBEAT_LOG_EVENT, 300, { body: Buffer.from('log.000001') })),
  ]) {
    const received = resumed();
    expect(received.receive(filling(124, 300))).toBe('nothing');
    expect(() => over(received)).toThrow(`log.000001 ends at 300, before position ${BEYOND}`);
  }
});

test('a rotate that is too short to name a file is no event', () => {
  const short = event(EventType.ROTATE_EVENT, 0, { flags: EventFlag.ARTIFICIAL, body: Buffer.alloc(7) });
  expect(() => resumed().receive(short)).toThrow(FormatError);
});

test.each([0n, -1n, 2n ** 63n - 1n])('no transaction has the number %s', (number) => {
  const received = new ReceivedLog();
  received.begin({ by: 'gtid', gtids: '' }, 'mysql', true, true);
  received.receive(rotateTo('log.000001'));
  received.receive(description());
  const body = Buffer.alloc(42);
  body.writeBigInt64LE(number, 17);
  expect(() => received.receive(event(EventType.GTID_LOG_EVENT, 185, { body }))).toThrow(
    `the number ${number}`,
  );
});

test('what begins or ends a file stands in no transaction', () => {
  const after = (next: RawEvent): (() => unknown) => {
    const received = new ReceivedLog();
    received.begin({ by: 'gtid', gtids: '' }, 'mariadb', true, true);
    for (const each of [rotateTo('log.000001'), description()]) received.receive(each);
    received.receive(event(EventType.GTID_EVENT, 162, { body: Buffer.alloc(19, 1).fill(0, 12) }));
    return () => received.receive(next);
  };
  for (const type of [
    EventType.FORMAT_DESCRIPTION_EVENT,
    EventType.ROTATE_EVENT,
    EventType.STOP_EVENT,
    EventType.PREVIOUS_GTIDS_LOG_EVENT,
    EventType.GTID_LIST_EVENT,
    EventType.START_ENCRYPTION_EVENT,
  ])
    expect(after(event(type, 190, { body: Buffer.alloc(9) }))).toThrow('inside a transaction');
  // The format description of a dump that begins in the middle of a file has no position.
  expect(after(event(EventType.FORMAT_DESCRIPTION_EVENT, 0))).toThrow('inside a transaction');
  // A source that crashed goes on in its next file.
  expect(after(rotateTo('log.000002'))()).toBe('stream');
  expect(after(event(EventType.ANNOTATE_ROWS_EVENT, 190, { body: Buffer.alloc(9) }))()).toBe('log');
});
