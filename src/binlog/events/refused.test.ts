import { expect, test } from 'vitest';
import { FormatError } from '../../errors/index.ts';
import { EventType } from '../event-type.ts';
import { LogState } from '../log-state.ts';
import { RawEvent } from '../raw-event.ts';
import { decodeBody } from './registry.ts';

function decode(type: number, hex: string, tolerant = false): unknown {
  const event = new RawEvent();
  event.type = type;
  event.bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  event.end = event.bytes.length;
  event.bodyEnd = event.end;
  const state = new LogState();
  state.tolerant = tolerant;
  return decodeBody(event, state);
}

/** Thread, time, length of the database's name, error, length of the status variables; these; the name, NUL, the statement. */
const query = (status: string, rest: string): string =>
  `01000000 00000000 01 0000 ${(status.replaceAll(' ', '').length / 2).toString(16).padStart(2, '0')}00 ${status} ${rest}`;
const uuid = '00112233445566778899aabbccddeeff';

test('statements whose settings are cut off, and statements of no length, are refused as MySQL refuses them', () => {
  const { QUERY_EVENT } = EventType;
  expect(decode(QUERY_EVENT, query('00 00000000', '64 00 41'))).toMatchObject({ schema: Buffer.from('d') });
  expect(() => decode(QUERY_EVENT, query('01 2000', '64 00 41'))).toThrow(FormatError);
  expect(() => decode(QUERY_EVENT, query('0c 00', '64 00 41'))).toThrow('a list of no databases');
  expect(() => decode(QUERY_EVENT, query('00 00000000', '64 00'))).toThrow('a statement of no length');
  expect(() => decode(QUERY_EVENT, query('', '64 01 41'))).toThrow('not followed by NUL');
  expect(decode(QUERY_EVENT, query('', '00 01 41'), true)).toMatchObject({ schema: Buffer.alloc(0) });
});

test('transactions are numbered from 1, anonymous ones are not, and their clock is whole or not there', () => {
  const { GTID_LOG_EVENT, ANONYMOUS_GTID_LOG_EVENT } = EventType;
  const [zero, one] = ['0000000000000000', '0100000000000000'];
  expect(decode(GTID_LOG_EVENT, `00 ${uuid} ${one}`)).toMatchObject({ gno: 1n, fields: 0 });
  expect(() => decode(GTID_LOG_EVENT, `00 ${uuid} ${zero}`)).toThrow('number 0');
  expect(() => decode(GTID_LOG_EVENT, `00 ${uuid} ffffffffffffff7f`)).toThrow('number 9223372036854775807');
  expect(() => decode(ANONYMOUS_GTID_LOG_EVENT, `00 ${uuid} ${one}`)).toThrow('number 1');
  expect(() => decode(GTID_LOG_EVENT, `00 ${uuid} ${one} 02 ${one}`)).toThrow(FormatError);
  const clock = `02 ${one} ffffffffffffffff`;
  expect(decode(GTID_LOG_EVENT, `00 ${uuid} ${one} ${clock}`)).toMatchObject({
    sequenceNumber: 0xffff_ffff_ffff_ffffn,
  });
  expect(decode(GTID_LOG_EVENT, `00 ${uuid} ${one} ${clock} 010203`, true)).toMatchObject({
    fields: 1,
    transactionLength: 0n,
  });
});

test.each([
  ['a rotation to no file', EventType.ROTATE_EVENT, '0400000000000000'],
  ['an incident of no kind', EventType.INCIDENT_EVENT, '0000 00'],
  ['a user variable without a name', EventType.USER_VAR_EVENT, '00000000 01'],
  ['a user variable that is a row', EventType.USER_VAR_EVENT, '01000000 61 00 03 21000000 00000000'],
  ['GTIDs without their number', EventType.PREVIOUS_GTIDS_LOG_EVENT, '00000000'],
  ['a payload that is shorter than it says', EventType.TRANSACTION_PAYLOAD_EVENT, '01 01 05 00 ffff'],
])('%s is refused', (_, type, hex) => {
  expect(() => decode(type, hex)).toThrow(FormatError);
});

test.each([
  ['a GTID of MariaDB that is cut', EventType.GTID_EVENT, '0100000000000000 00000000 00 0000000000'],
  ['a GTID of MariaDB of number 0', EventType.GTID_EVENT, '0000000000000000 00000000 00 000000000000'],
  ['an annotation without text', EventType.ANNOTATE_ROWS_EVENT, ''],
  [
    'a beginning of encryption that goes on',
    EventType.START_ENCRYPTION_EVENT,
    `01 01000000 ${'00'.repeat(13)}`,
  ],
])('%s is refused, as MariaDB refuses it', (_, type, hex) => {
  expect(() => decode(type, hex, true)).toThrow(FormatError);
});
