import { describe, expect, it } from 'vitest';
import {
  decodeBody,
  EventType,
  encodeEvent,
  LogState,
  RawEvent,
  RowsFlag,
  type TableMap,
} from '../../../binlog/index.ts';
import type { RowsOfTable } from '../../target.ts';
import { EventBatch } from './event-batch.ts';
import { formatStatement } from './format-description.ts';

const state = new LogState();
const header = { timestamp: 7, serverId: 1, logPos: 0, flags: 0 };

function framed(bytes: Buffer, checksum: boolean): RawEvent {
  const event = new RawEvent();
  event.aim(bytes, 0, bytes.length, 4, checksum);
  return event;
}

/** An INSERT of one row into a table of one TINYINT, as a source with checksums logs it. */
function insert(map: TableMap, mapEvent: RawEvent, value: number, flags: number): RowsOfTable {
  const bitmap = Buffer.of(1);
  const body = {
    kind: 'rows',
    shape: { operation: 'insert', version: 2, compressed: false, partial: false },
    tableId: 5,
    flags,
    extra: Buffer.alloc(0),
    columnCount: 1,
    present: bitmap,
    presentAfter: bitmap,
    images: Buffer.of(0, value),
    block: undefined,
  } as const;
  const type = EventType.WRITE_ROWS_EVENT;
  const bytes = encodeEvent({ ...header, type }, body, state, { checksum: true });
  const rowsEvent = framed(bytes, true);
  const rows = decodeBody(rowsEvent, state);
  if (rows.kind !== 'rows') throw new Error('not rows');
  return { map, rows, mapEvent, rowsEvent, flags };
}

// Table id 5, flags 0, `d`.`t`, one TINYINT that may be NULL.
const MAP = Buffer.from('050000000000000001640001740001010001', 'hex');
function tableMap(): { map: TableMap; mapEvent: RawEvent } {
  const bytes = Buffer.alloc(19 + MAP.length);
  bytes[4] = EventType.TABLE_MAP_EVENT;
  bytes.writeUInt32LE(bytes.length, 9);
  MAP.copy(bytes, 19);
  const mapEvent = framed(bytes, false);
  const map = decodeBody(mapEvent, state);
  if (map.kind !== 'tableMap') throw new Error('not a map');
  return { map, mapEvent };
}

/** Types and flags of the events in a BINLOG statement. */
function eventsOf(statement: Buffer): { type: number; flags: number | undefined }[] {
  const bytes = Buffer.from(/^BINLOG '(.*)'$/.exec(statement.toString())![1]!, 'base64');
  const found = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32LE(at + 9)) {
    const type = bytes[at + 4]!;
    found.push({ type, flags: type === EventType.TABLE_MAP_EVENT ? undefined : bytes.readUInt16LE(at + 25) });
  }
  return found;
}

const MAP_EVENT = { type: EventType.TABLE_MAP_EVENT, flags: undefined };
const rowsWith = (flags: number) => ({ type: EventType.WRITE_ROWS_EVENT, flags });

describe('a batch of events', () => {
  it('gives rows of one table one map, and the end of a statement behind the last', () => {
    const batch = new EventBatch(1 << 24);
    const { map, mapEvent } = tableMap();
    batch.add(insert(map, mapEvent, 1, RowsFlag.STMT_END));
    batch.add(insert(map, mapEvent, 2, 0));
    expect(batch.isOpen).toBe(true);
    expect(eventsOf(batch.take())).toEqual([MAP_EVENT, rowsWith(0), rowsWith(RowsFlag.STMT_END)]);
  });

  it('begins a statement where the table or the checks change', () => {
    const batch = new EventBatch(1 << 24);
    const [one, other] = [tableMap(), tableMap()];
    const unchecked = RowsFlag.NO_FOREIGN_KEY_CHECKS;
    batch.add(insert(one.map, one.mapEvent, 1, RowsFlag.STMT_END));
    batch.add(insert(other.map, other.mapEvent, 2, RowsFlag.STMT_END));
    batch.add(insert(other.map, other.mapEvent, 3, RowsFlag.STMT_END | unchecked));
    const end = rowsWith(RowsFlag.STMT_END);
    const last = rowsWith(RowsFlag.STMT_END | unchecked);
    expect(eventsOf(batch.take())).toEqual([MAP_EVENT, end, MAP_EVENT, end, MAP_EVENT, last]);
  });

  it('leaves a statement that changed several tables whole, with all maps in front', () => {
    const batch = new EventBatch(1 << 24);
    const [one, other] = [tableMap(), tableMap()];
    batch.add(insert(one.map, one.mapEvent, 1, RowsFlag.STMT_END));
    batch.add(insert(other.map, other.mapEvent, 2, 0));
    batch.add(insert(one.map, one.mapEvent, 3, 0));
    batch.add(insert(other.map, other.mapEvent, 4, RowsFlag.STMT_END));
    expect(batch.isOpen).toBe(false);
    const [open, end] = [rowsWith(0), rowsWith(RowsFlag.STMT_END)];
    expect(eventsOf(batch.take())).toEqual([MAP_EVENT, end, MAP_EVENT, MAP_EVENT, open, open, end]);
  });

  it('is one text, however long', () => {
    const batch = new EventBatch(64 * 1024 * 1024);
    const { map, mapEvent } = tableMap();
    for (let value = 0; value < 3000; value += 1) batch.add(insert(map, mapEvent, value, 0));
    const { length } = batch;
    expect(length).toBeGreaterThan(50_000);
    const text = batch.take().toString('latin1');
    expect(text).toMatch(/^BINLOG '[A-Za-z\d+/]+={0,2}'$/);
    expect(Buffer.from(text.slice(8, -1), 'base64').length).toBe(length);
    expect(eventsOf(Buffer.from(text)).length).toBe(3001);
  });

  it('refuses what the server would not take in a packet, and says so before', () => {
    const batch = new EventBatch(1200);
    const { map, mapEvent } = tableMap();
    const tooMuch = [0, 1, 2, 3].map((value) => {
      const rows = insert(map, mapEvent, value, 0);
      const isTooMuch = batch.isTooMuch(rows);
      batch.add(rows);
      return isTooMuch;
    });
    expect(tooMuch).toEqual([false, true, true, true]);
    expect(new EventBatch(100).isTooMuch(insert(map, mapEvent, 1, 0))).toBe(false);
    expect(() => batch.take()).toThrow('more than the target takes in a packet');
  });
});

describe('the format description of a session', () => {
  it('promises events without checksums, and is what both families read', () => {
    for (const flavor of ['mysql', 'mariadb'] as const) {
      const bytes = Buffer.from(/'(.*)'/.exec(formatStatement(flavor))![1]!, 'base64');
      const event = framed(bytes, true);
      const body = decodeBody(event, new LogState());
      expect(body.kind === 'formatDescription' && body.checksumAlgorithm).toBe(0);
      expect(body.kind === 'formatDescription' && body.postHeaderLengths[EventType.TABLE_MAP_EVENT - 1]).toBe(
        8,
      );
    }
  });
});
