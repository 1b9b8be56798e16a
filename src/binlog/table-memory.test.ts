import { expect, test } from 'vitest';
import { TABLES_REMEMBERED } from './by-table-id.ts';
import { EventType } from './event-type.ts';
import { LogState } from './log-state.ts';
import { RawEvent } from './raw-event.ts';
import { TableMemory } from './table-memory.ts';

/** `db`.NAME with one INT column, as servers write it. */
function map(id: number, name = 't'): RawEvent {
  const head = Buffer.alloc(8);
  head.writeUIntLE(id, 0, 6);
  const body = Buffer.concat([
    head,
    Buffer.of(2),
    Buffer.from('db\0'),
    Buffer.of(name.length),
    Buffer.from(`${name}\0`),
    Buffer.of(1, 3, 0, 1),
  ]);
  const bytes = Buffer.alloc(19 + body.length);
  bytes[4] = EventType.TABLE_MAP_EVENT;
  body.copy(bytes, 19);
  const event = new RawEvent();
  event.aim(bytes, 0, bytes.length, 4, false);
  return event;
}

const memory = (): TableMemory => new TableMemory(new LogState());

test('a map that comes again is the same, and another one under its number is not', () => {
  const tables = memory();
  const first = tables.decode(map(7));
  expect(tables.decode(map(7))).toBe(first);
  expect(tables.find(7)).toBe(first);
  expect(tables.decode(map(7, 'u'))).toMatchObject({ kind: 'tableMap', table: Buffer.from('u') });
  expect(tables.decode(map(7))).not.toBe(first);
  tables.clear();
  expect(tables.find(7)).toBeUndefined();
});

test('of any number of maps those that came last are known, and as many are kept', () => {
  const tables = memory();
  tables.note(map(1));
  for (let id = 2; id <= 20_000; id += 1) {
    tables.note(map(id));
    // A table that is in use stays, however many others come.
    if (id % 500 === 0) tables.note(map(1));
  }
  expect(tables.find(1)?.tableId).toBe(1);
  expect(tables.find(20_001 - TABLES_REMEMBERED)?.tableId).toBe(20_001 - TABLES_REMEMBERED);
  expect(tables.find(2)).toBeUndefined();
});

test('a map too short for its number is damaged, and forgets nothing', () => {
  const tables = memory();
  tables.note(map(7));
  const cut = map(7);
  cut.bodyEnd = cut.bodyStart + 5;
  expect(() => tables.decode(cut)).toThrow('need 6 bytes');
  expect(tables.find(7)?.tableId).toBe(7);
});
