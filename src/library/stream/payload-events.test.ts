import { expect, test } from 'vitest';
import { EventType, encodeEvent, encodePayload, LogState, RawEvent } from '../../binlog/index.ts';
import { PayloadEvents } from './payload-events.ts';

const UNKNOWN = 2;
const HEADER = {
  timestamp: 0,
  serverId: 1,
  flags: 0,
  length: 0,
  logPos: 0,
  position: 4,
  type: EventType.TRANSACTION_PAYLOAD_EVENT,
};

/** Events of these sizes, each full of a letter of its own. */
function eventsOf(sizes: readonly number[]): readonly Buffer[] {
  return sizes.map((size, index) => {
    const event = Buffer.alloc(size, 97 + (index % 26));
    event.writeUInt8(UNKNOWN, 4);
    event.writeUInt32LE(size, 9);
    return event;
  });
}

async function opened(events: readonly Buffer[]): Promise<PayloadEvents> {
  const state = new LogState();
  const bytes = encodeEvent(HEADER, encodePayload(Buffer.concat(events), 'zstd'), state, { checksum: false });
  const event = new RawEvent();
  event.aim(bytes, 0, bytes.length, 4, false);
  const payload = new PayloadEvents(state);
  await payload.load();
  expect(payload.open(event)).toBe(true);
  return payload;
}

// Above 1 MiB a payload is inflated as its events are asked for, and the memory of the event before is used again.
test('an event stays as it is while the one behind it is inflated, whatever their sizes', async () => {
  const events = eventsOf(Array.from({ length: 60 }, (_, at) => (at % 3 === 0 ? 400_000 : 100 + at * 1000)));
  const payload = await opened(events);
  for (const each of events) expect(payload.next()?.view().equals(each)).toBe(true);
  expect(payload.isOpen).toBe(false);
});
