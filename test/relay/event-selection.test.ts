import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  EventType,
  HEADER_BYTES,
  loadZstd,
  RawEvent,
  RowsFlag,
  rowsShape,
  TransactionTracker,
} from '../../src/binlog/index.ts';
import { crc32 } from '../../src/bytes/index.ts';
import { TransactionBuffer } from '../../src/relay/binary-log/index.ts';
import { placeEvents } from '../../src/relay/binary-log/place-events.ts';
import {
  EventSelection,
  NO_FILTERS,
  ReplicateFilter,
  type ReplicationFilters,
} from '../../src/replication/selection/index.ts';
import { fileSource, LogReader } from '../../src/store/index.ts';

const CORPUS = join(import.meta.dirname, '../corpus');
/** Logs that can be read to their end: others are damaged on purpose, or encrypted. */
const LOGS = (['mysql97', 'mysql56', 'mariadb118'] as const).flatMap((server) =>
  readdirSync(join(CORPUS, server))
    .filter(
      (name) =>
        name.endsWith('.binlog') && !name.startsWith('damaged') && isWhole(join(CORPUS, server, name)),
    )
    .map((name) => [server, name] as const),
);

function isWhole(path: string): boolean {
  const reader = new LogReader(fileSource(path));
  try {
    reader.open();
    const event = new RawEvent();
    while (reader.next(event)) if (event.type === EventType.START_ENCRYPTION_EVENT) return false;
    return true;
  } catch {
    return false;
  } finally {
    reader.close();
  }
}

await loadZstd();

interface Seen {
  readonly type: number;
  /** Of a table map: `schema.table`. */
  readonly table: string | undefined;
  readonly endsStatement: boolean;
}

function seen(bytes: Buffer, start: number): Seen {
  const written = bytes[start + 4]!;
  // A compressed statement that is changed is written plainly.
  const type = written === EventType.QUERY_COMPRESSED_EVENT ? EventType.QUERY_EVENT : written;
  if (type === EventType.TABLE_MAP_EVENT) {
    const at = start + HEADER_BYTES + 8;
    const schema = bytes.toString('utf8', at + 1, at + 1 + bytes[at]!);
    const tableAt = at + bytes[at]! + 3;
    const table = bytes.toString('utf8', tableAt, tableAt + bytes[tableAt - 1]!);
    return { type, table: `${schema}.${table}`, endsStatement: false };
  }
  const isRows = rowsShape(type) !== undefined;
  const flags = isRows ? bytes.readUInt16LE(start + HEADER_BYTES + 6) : 0;
  return { type, table: undefined, endsStatement: (flags & RowsFlag.STMT_END) !== 0 };
}

/** The transactions of a log, as they come out of the selection. */
function selected(server: string, name: string, filters: ReplicationFilters | undefined): Seen[][] {
  const reader = new LogReader(fileSource(join(CORPUS, server, name)));
  reader.open();
  const buffer = new TransactionBuffer();
  const flavor = server.startsWith('mariadb') ? 'mariadb' : 'mysql';
  const filter = filters === undefined ? undefined : new ReplicateFilter(filters);
  const selection = new EventSelection(filter, undefined, flavor, buffer);
  const tracker = new TransactionTracker();
  const event = new RawEvent();
  const transactions: Seen[][] = [];
  while (reader.next(event)) {
    if (event.type === EventType.FORMAT_DESCRIPTION_EVENT) selection.setFormat(event);
    const place = tracker.place(event);
    if (place === 'outside') continue;
    if (place === 'begins' || place === 'alone') selection.begin();
    selection.take(event);
    if (place !== 'ends' && place !== 'alone') continue;
    placeEvents(buffer, 4);
    expectSums(buffer);
    transactions.push(buffer.slabs.map((slab, index) => seen(slab, buffer.starts[index]!)));
    buffer.clear();
  }
  reader.close();
  return transactions;
}

/** Events that were changed have checksums of their own. */
function expectSums({ slabs, starts, ends }: TransactionBuffer): void {
  const sums = slabs.map((slab, index) => slab.readUInt32LE(ends[index]! - 4));
  expect(sums).toEqual(slabs.map((slab, index) => crc32(slab, starts[index], ends[index]! - 4)));
}

/** What a transaction begins with, except where it stands alone without a name. */
const NAMES: ReadonlySet<number> = new Set([
  EventType.GTID_LOG_EVENT,
  EventType.ANONYMOUS_GTID_LOG_EVENT,
  EventType.GTID_TAGGED_LOG_EVENT,
  EventType.GTID_EVENT,
]);

/** Rows end their statement before anything else comes. */
function expectWhole(events: readonly Seen[]): void {
  let isOpen = false;
  for (const { type, endsStatement } of events) {
    if (rowsShape(type) !== undefined) isOpen = !endsStatement;
    else if (
      type !== EventType.TABLE_MAP_EVENT &&
      type !== EventType.ROWS_QUERY_LOG_EVENT &&
      type !== EventType.ANNOTATE_ROWS_EVENT
    )
      expect(isOpen).toBe(false);
  }
  expect(isOpen).toBe(false);
}

const tablesOf = (transactions: readonly (readonly Seen[])[]): string[] => [
  ...new Set(transactions.flatMap((events) => events.flatMap(({ table }) => table ?? []))),
];

describe('of recorded logs', () => {
  test('every transaction stays, whole, whatever is left out of it', () => {
    let left = 0;
    for (const [server, name] of LOGS) {
      const all = selected(server, name, NO_FILTERS_ON);
      for (const table of tablesOf(all).slice(0, 3)) {
        const without = selected(server, name, { ...NO_FILTERS, ignoreTable: [table] });
        expect(tablesOf(without), `${server}/${name}`).not.toContain(table);
        const only = selected(server, name, { ...NO_FILTERS, doTable: [table] });
        expect(tablesOf(only).filter((other) => other !== table)).toEqual([]);
        for (const some of [without, only]) {
          expect(some.length, `${server}/${name}`).toBe(all.length);
          for (const [index, events] of some.entries()) {
            expectWhole(events);
            const [first] = all[index]!;
            // Its name is never left out.
            if (NAMES.has(first!.type))
              expect(events[0]?.type, `${server}/${name} ${index}`).toBe(first!.type);
            left += all[index]!.length - events.length;
          }
        }
      }
    }
    expect(left).toBeGreaterThan(1000);
  });

  test('a database comes under its other name, and nothing else changes', () => {
    let renamed = 0;
    for (const [server, name] of LOGS) {
      const all = selected(server, name, NO_FILTERS_ON);
      const [schema] = tablesOf(all)[0]?.split('.') ?? [];
      if (schema === undefined) continue;
      const other = selected(server, name, { ...NO_FILTERS, rewriteDb: [[schema, 'another_name']] });
      const expected = all.map((events) =>
        events.map(({ table, ...rest }) => ({
          ...rest,
          table: table?.replace(new RegExp(`^${schema}\\.`), 'another_name.'),
        })),
      );
      expect(other, `${server}/${name}`).toEqual(
        expected.map((events) => events.map((event) => ({ ...event }))),
      );
      renamed += 1;
    }
    expect(renamed).toBeGreaterThan(20);
  });
});

/** A filter that lets everything through, and opens what is compressed, as any filter does. */
const NO_FILTERS_ON: ReplicationFilters = { ...NO_FILTERS, ignoreDb: ['no_such_database'] };
