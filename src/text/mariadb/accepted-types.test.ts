import { expect, test } from 'vitest';
import { EventFlag, EventType, LogState, RawEvent } from '../../binlog/index.ts';
import { TextOutput } from '../output/text-output.ts';
import { utc } from '../time/local-time.ts';
import { acceptsType, incompatibility, isPassedOver } from './accepted-types.ts';
import { EventHeader } from './event-header.ts';

function eventOf(type: number, flags = 0): RawEvent {
  const event = new RawEvent();
  event.type = type;
  event.flags = flags;
  return event;
}

/** As that of MariaDB 11.8, which lists 171 types. */
function logOf118(): LogState {
  const log = new LogState();
  log.setFormat({
    kind: 'formatDescription',
    binlogVersion: 4,
    serverVersion: '11.8.6-MariaDB-log',
    versionPadding: Buffer.alloc(0),
    createTimestamp: 0,
    headerLength: 19,
    postHeaderLengths: Buffer.alloc(EventType.DELETE_ROWS_COMPRESSED_EVENT),
    checksumAlgorithm: 1,
  });
  return log;
}

test.each([
  ['before a format description', new LogState()],
  ['in a log of MariaDB 11.8', logOf118()],
])('%s events are passed over by their flag, transactions of MySQL without one', (_, log) => {
  const { IGNORABLE } = EventFlag;
  expect(isPassedOver(eventOf(EventType.XID_EVENT), log)).toBe(false);
  expect(isPassedOver(eventOf(EventType.XID_EVENT, IGNORABLE), log)).toBe(true);
  expect(isPassedOver(eventOf(EventType.START_ENCRYPTION_EVENT, IGNORABLE), log)).toBe(true);
  expect(isPassedOver(eventOf(EventType.ANONYMOUS_GTID_LOG_EVENT), log)).toBe(true);
  expect(isPassedOver(eventOf(EventType.SLAVE_EVENT, IGNORABLE), log)).toBe(false);
  expect(isPassedOver(eventOf(EventType.PARTIAL_ROW_DATA_EVENT, IGNORABLE), log)).toBe(false);
  expect(acceptsType(EventType.PARTIAL_ROW_DATA_EVENT, log)).toBe(false);
  expect(acceptsType(EventType.PRE_GA_WRITE_ROWS_EVENT, log)).toBe(false);
  expect(acceptsType(EventType.DELETE_ROWS_COMPRESSED_EVENT, log)).toBe(true);
});

test('payloads and partial updates of MySQL are refused with what to set there', () => {
  expect(incompatibility(eventOf(EventType.TRANSACTION_PAYLOAD_EVENT))).toContain(
    'binlog_transaction_compression=0',
  );
  expect(incompatibility(eventOf(EventType.PARTIAL_UPDATE_ROWS_EVENT))).toContain(
    'binlog-row-value-options=""',
  );
  expect(incompatibility(eventOf(EventType.TRANSACTION_PAYLOAD_EVENT, EventFlag.IGNORABLE))).toBeUndefined();
});

test('a checksum of another algorithm than CRC-32 is shown with a question mark', () => {
  const out = new TextOutput(undefined, 256);
  const header = new EventHeader({ localTime: utc, hexdump: false });
  header.write(out, eventOf(EventType.XID_EVENT), 4, 0xab);
  header.setChecksumAlgorithm(2);
  header.write(out, eventOf(EventType.XID_EVENT), 4, 0xab);
  expect(out.buffer.toString('latin1', 0, out.length).match(/\S+ 0x000000ab/g)).toEqual([
    'CRC32 0x000000ab',
    '? 0x000000ab',
  ]);
});
