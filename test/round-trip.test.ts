import { beforeAll, describe, expect, test } from 'vitest';
import {
  checksumMatches,
  decodeBody,
  type EncodableRow,
  type EventBody,
  EventFramer,
  encodeEvent,
  encodeMetadata,
  encodeRows,
  type JsonDiff,
  JsonDocument,
  LogState,
  loadZstd,
  PayloadReader,
  RawEvent,
  RowReader,
  type Rows,
  setsUnusedNullBits,
  type TransactionPayload,
} from '../src/binlog/index.ts';
import { FormatError } from '../src/errors/index.ts';
import { corpusLogs } from './corpus-logs.ts';

/** Damaged on purpose: they are read up to the damage. */
const damaged = /\/(damaged|in-use-cut|encrypted)/;

interface Counts {
  events: number;
  wrongChecksums: number;
  rows: number;
  values: number;
  documents: number;
  exactDocuments: number;
}

/** Decodes every event up to the end or the damage, and gives each whole event to `check`. */
function walk(log: Buffer, check: (event: RawEvent, body: EventBody, state: LogState) => void): void {
  const framer = new EventFramer();
  framer.adopt(log.subarray(4));
  const state = new LogState();
  const event = new RawEvent();
  while (framer.next(event)) {
    const body = decodeBody(event, state);
    if (body.kind === 'formatDescription') state.setFormat(body);
    if (body.kind === 'tableMap') state.tables.set(body.tableId, body);
    check(event, body, state);
    if (body.kind === 'transactionPayload') walkPayload(event, body, state, check);
  }
}

function walkPayload(
  outer: RawEvent,
  payload: TransactionPayload,
  state: LogState,
  check: (event: RawEvent, body: EventBody, state: LogState) => void,
): void {
  const reader = new PayloadReader(payload, outer);
  const event = new RawEvent();
  while (reader.next(event)) {
    const body = decodeBody(event, state);
    if (body.kind === 'tableMap') state.tables.set(body.tableId, body);
    check(event, body, state);
  }
}

function checkRows(body: Rows, state: LogState, counts: Counts): void {
  const table = state.tables.get(body.tableId);
  if (table === undefined) return;
  const reader = new RowReader(body, table);
  const rows: EncodableRow[] = [];
  while (reader.next()) {
    rows.push({ before: reader.before, after: reader.after });
    counts.rows += 1;
    for (const value of [...(reader.before ?? []), ...(reader.after ?? [])]) {
      if (value === undefined) continue;
      counts.values += 1;
      if (value instanceof JsonDocument) checkDocument(value, counts);
      else if (Array.isArray(value)) {
        for (const diff of value as readonly JsonDiff[]) if (diff.value) checkDocument(diff.value, counts);
      }
    }
  }
  const encoded = encodeRows(table, body.shape, body.present, body.presentAfter, rows, {
    unusedNullBits: setsUnusedNullBits(state),
  });
  expect(encoded.toString('hex')).toBe(body.images.toString('hex'));
  const skipper = new RowReader(body, table);
  let skipped = 0;
  while (skipper.skip()) skipped += 1;
  expect(skipped).toBe(rows.length);
}

/**
 * A document keeps its bytes, whoever wrote them; {@link checkRows} holds it to that. What its nodes encode to are the same bytes, or fewer
 * where the server updated it in place and left room.
 */
function checkDocument(document: JsonDocument, counts: Counts): void {
  counts.documents += 1;
  const again = JsonDocument.of(document.node);
  if (again.bytes.equals(document.bytes)) counts.exactDocuments += 1;
  else {
    expect(again.bytes.length).toBeLessThan(document.bytes.length);
    expect(again.text).toBe(document.text);
  }
}

beforeAll(loadZstd);

describe('what is decoded from real logs encodes to the same bytes', () => {
  const counts: Counts = {
    events: 0,
    wrongChecksums: 0,
    rows: 0,
    values: 0,
    documents: 0,
    exactDocuments: 0,
  };

  test.each(corpusLogs)('$name', (log) => {
    const { name } = log;
    try {
      walk(log.read(), (event, body, state) => {
        counts.events += 1;
        // A wrong checksum is part of what was written: it is kept as it is.
        const isWrong = event.hasChecksum && !checksumMatches(event);
        counts.wrongChecksums += isWrong ? 1 : 0;
        const checksum = isWrong ? event.checksum : event.hasChecksum;
        const encoded = encodeEvent(event, body, state, { checksum });
        expect(encoded.toString('hex')).toBe(event.view().toString('hex'));
        if (body.kind === 'rows') checkRows(body, state, counts);
        if (body.kind === 'tableMap') {
          expect(encodeMetadata(body.columns, state.flavor)).toEqual(body.metadata);
        }
      });
    } catch (error) {
      if (!(error instanceof FormatError) || !damaged.test(name)) throw error;
    }
  });

  test('and there were many of them', () => {
    console.log(`round trips: ${JSON.stringify(counts)}`);
    expect(counts.events).toBeGreaterThan(5000);
    expect(counts.wrongChecksums).toBeGreaterThan(0);
    expect(counts.rows).toBeGreaterThan(1000);
    expect(counts.values).toBeGreaterThan(5000);
    // json-partial and types-json hold seven images of documents that were updated in place.
    expect(counts.documents).toBeGreaterThan(80);
    expect(counts.documents - counts.exactDocuments).toBe(7);
  });
});
