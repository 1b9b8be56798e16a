import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  decodeBody,
  decodeRowsExtra,
  EventFramer,
  EventType,
  isMariadbVersion,
  JsonDocument,
  knownPostHeaderLengths,
  LogState,
  loadZstd,
  PayloadReader,
  RawEvent,
  RowReader,
  type Rows,
} from '../src/binlog/index.ts';
import { RowlockError } from '../src/errors/index.ts';
import { corpusLogs } from './corpus-logs.ts';

beforeAll(loadZstd);

/** Does all that can be done with a log's bytes. Returns the number of events; throws what the decoders throw. */
function digest(log: Buffer): number {
  const framer = new EventFramer({ maxEventBytes: 1 << 22, bufferBytes: 16 });
  framer.adopt(log);
  const state = new LogState();
  const event = new RawEvent();
  let events = 0;
  while (framer.next(event)) {
    events += 1;
    digestEvent(event, state, 0);
  }
  return events;
}

function digestEvent(event: RawEvent, state: LogState, depth: number): void {
  const body = decodeBody(event, state);
  if (body.kind === 'formatDescription') state.setFormat(body);
  if (body.kind === 'tableMap') state.tables.set(body.tableId, body);
  if (body.kind === 'rows') digestRows(body, state);
  if (body.kind === 'transactionPayload' && depth === 0) {
    const inner = new RawEvent();
    const payload = new PayloadReader(body, event);
    while (payload.next(inner)) digestEvent(inner, state, 1);
  }
}

function digestRows(body: Rows, state: LogState): void {
  decodeRowsExtra(body);
  const table = state.tables.get(body.tableId);
  if (table === undefined) return;
  const reader = new RowReader(body, table);
  while (reader.next()) {
    for (const value of [...(reader.before ?? []), ...(reader.after ?? [])]) {
      if (value instanceof JsonDocument) void value.text;
    }
  }
}

interface Tally {
  cases: number;
  accepted: number;
  refused: number;
}

/** Digests damaged bytes: they may pass, or be refused by an error of ours, within the memory and time a log of that size takes. */
function tryDamaged(log: Buffer, tally: Tally, what: () => string): void {
  tally.cases += 1;
  try {
    digest(log);
    tally.accepted += 1;
  } catch (error) {
    if (!(error instanceof RowlockError))
      throw new Error(`${what()}: not an error of ours`, { cause: error });
    tally.refused += 1;
  }
}

/** A repeatable stream of numbers below 2^32 (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return (value ^ (value >>> 14)) >>> 0;
  };
}

const small = corpusLogs
  .map((log) => ({ name: log.name, bytes: log.read().subarray(4) }))
  .filter(
    ({ name, bytes }) => bytes.length > 0 && bytes.length < 10_000 && !/\/(damaged|encrypted)/.test(name),
  );

function eventsOf(log: Buffer): RawEvent[] {
  const framer = new EventFramer({ bufferBytes: 16 });
  framer.adopt(log);
  const event = new RawEvent();
  const events: RawEvent[] = [];
  while (framer.next(event)) events.push(event.keep());
  return events;
}

describe('damaged logs are refused by errors of ours, without hanging', () => {
  test('cut at every length: a cut log is a shorter log', () => {
    const tally: Tally = { cases: 0, accepted: 0, refused: 0 };
    for (const { name, bytes } of small.filter((log) => log.bytes.length < 2000)) {
      for (let length = 0; length <= bytes.length; length += 1) {
        tryDamaged(bytes.subarray(0, length), tally, () => `${name} cut to ${length}`);
      }
    }
    console.log(`cut logs: ${JSON.stringify(tally)}`);
    expect(tally.cases).toBeGreaterThan(10_000);
  });

  test('every event cut at every length, as if it ended there', () => {
    const tally: Tally = { cases: 0, accepted: 0, refused: 0 };
    for (const { name, bytes } of small) {
      const state = new LogState();
      for (const whole of eventsOf(bytes)) {
        const cut = whole.keep();
        for (cut.bodyEnd = cut.bodyStart; cut.bodyEnd < Math.min(whole.bodyEnd, 400); cut.bodyEnd += 1) {
          tally.cases += 1;
          try {
            const body = decodeBody(cut, state);
            if (body.kind === 'rows') digestRows(body, state);
            tally.accepted += 1;
          } catch (error) {
            if (!(error instanceof RowlockError)) {
              throw new Error(`${name} ${cut.name} cut to ${cut.bodyEnd}`, { cause: error });
            }
            tally.refused += 1;
          }
        }
        const body = decodeBody(whole, state);
        if (body.kind === 'formatDescription') state.setFormat(body);
        if (body.kind === 'tableMap') state.tables.set(body.tableId, body);
      }
    }
    console.log(`cut events: ${JSON.stringify(tally)}`);
    expect(tally.refused).toBeGreaterThan(50_000);
  });

  test('bits flipped, bytes replaced, lengths blown up', () => {
    const tally: Tally = { cases: 0, accepted: 0, refused: 0 };
    const seed = Number(process.env['ROWLOCK_SEED'] ?? 20_260_101);
    const random = numbers(seed);
    const extremes = [0, 1, 0x7f, 0x80, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff];
    for (const { name, bytes } of small) {
      for (let round = 0; round < 100; round += 1) {
        const damaged = Buffer.from(bytes);
        const changes = 1 + (random() % 4);
        for (let change = 0; change < changes; change += 1) {
          const at = random() % damaged.length;
          const choice = random() % 3;
          if (choice === 0) damaged[at]! ^= 1 << (random() & 7);
          else if (choice === 1) damaged[at] = extremes[random() % extremes.length]!;
          else damaged[at] = random() & 0xff;
        }
        tryDamaged(damaged, tally, () => `${name} round ${round} of seed ${seed}`);
      }
    }
    console.log(`mutated logs, seed ${seed}: ${JSON.stringify(tally)}`);
    expect(tally.cases).toBeGreaterThan(9000);
    expect(tally.refused).toBeGreaterThan(tally.cases / 10);
  });
});

test('however a log is split on its way, the same events come out', () => {
  const logs = small.filter(({ bytes }) => bytes.length < 6000);
  const outline = (framer: EventFramer, event: RawEvent): string =>
    `${event.position} ${event.name} ${event.length} ${event.bodyEnd - event.bodyStart} ${framer.checksums} ${event.view().toString('latin1')}`;
  fc.assert(
    fc.property(
      fc.constantFrom(...logs),
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 40 }),
      fc.constantFrom(64, 256, 1 << 20),
      ({ bytes }, sizes, bufferBytes) => {
        const event = new RawEvent();
        const whole = new EventFramer();
        whole.adopt(bytes);
        const expected: string[] = [];
        while (whole.next(event)) expected.push(outline(whole, event));
        const pieces = new EventFramer({ bufferBytes });
        const seen: string[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length]!;
          pieces.push(bytes.subarray(at, at + size));
          at += size;
          while (pieces.next(event)) seen.push(outline(pieces, event));
        }
        expect(seen).toEqual(expected);
        expect(pieces.pending).toBe(whole.pending);
      },
    ),
    { numRuns: 200 },
  );
});

const postHeaderOf56: ReadonlyMap<number, number> = new Map<number, number>([
  [EventType.GTID_LOG_EVENT, 25],
  [EventType.ANONYMOUS_GTID_LOG_EVENT, 25],
]);

test('the fixed lengths we know are those that real servers list', () => {
  const known = knownPostHeaderLengths();
  const servers = new Set<string>();
  for (const { bytes } of small) {
    const framer = new EventFramer();
    framer.adopt(bytes);
    const event = new RawEvent();
    if (!framer.next(event)) continue;
    const body = decodeBody(event, new LogState());
    if (body.kind !== 'formatDescription') continue;
    servers.add(body.serverVersion);
    for (const [type, length] of known) {
      const listed = body.postHeaderLengths[type - 1];
      // MariaDB lists lengths for MySQL's later types too, which it never writes.
      if (isMariadbVersion(body.serverVersion) && type >= EventType.GTID_LOG_EVENT && type < 160) continue;
      // A zero is a type that the server no longer writes, or one that was not yet known.
      if (listed === undefined || listed === 0) continue;
      // MySQL 5.6 knew no logical timestamps, 17 bytes.
      const early = body.serverVersion.startsWith('5.6.') && postHeaderOf56.get(type);
      expect(`${body.serverVersion} type ${type}: ${listed}`).toBe(
        `${body.serverVersion} type ${type}: ${early || length}`,
      );
    }
  }
  expect(servers.size).toBeGreaterThanOrEqual(4);
});
