import { expect, test } from 'vitest';
import { HEADER_BYTES } from '../event-layout.ts';
import { EventType } from '../event-type.ts';
import { LogState } from '../log-state.ts';
import { RawEvent } from '../raw-event.ts';
import { decodeBody, encodeEvent } from './registry.ts';

test('type metadata that belongs to no column is passed over, and written back', () => {
  const body = Buffer.concat([
    Buffer.from('420000000000' + '0100', 'hex'),
    Buffer.from('\x01d\0\x01t\0', 'latin1'),
    // One INT, which has no metadata; two bytes of it all the same; it may be NULL.
    Buffer.from('01' + '03' + '02' + 'abcd' + '01', 'hex'),
  ]);
  const bytes = Buffer.concat([Buffer.alloc(HEADER_BYTES), body]);
  bytes[4] = EventType.TABLE_MAP_EVENT;
  bytes.writeUInt32LE(bytes.length, 9);
  const event = new RawEvent();
  event.aim(bytes, 0, bytes.length, 4, false);
  const state = new LogState();
  const map = decodeBody(event, state);
  if (map.kind !== 'tableMap') throw new Error(map.kind);
  expect(map.columns).toHaveLength(1);
  expect(map.columns[0]!.nullable).toBe(true);
  expect(map.unusedMeta).toEqual(Buffer.from('abcd', 'hex'));
  expect(encodeEvent(event, map, state, { checksum: false }).equals(bytes)).toBe(true);
});
