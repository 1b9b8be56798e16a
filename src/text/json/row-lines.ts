import {
  type Column,
  hasColumn,
  learnOldTemporals,
  type RawEvent,
  type Rows,
  readJsonDiffs,
  type TableMap,
} from '../../binlog/index.ts';
import { Cursor } from '../../bytes/index.ts';
import { FormatError } from '../../errors/index.ts';
import { Literal } from '../output/literal.ts';
import { TextOutput } from '../output/text-output.ts';
import { type JsonWriter, jsonWriterOf, writeValue } from './column-json.ts';
import { writeString, writeUtf8OrBinary } from './json-text.ts';

/** One present column of an image. */
interface PlannedColumn {
  /** `"name":`, with a comma before it but for the first. */
  readonly label: Literal;
  readonly write: JsonWriter;
  /** Position among the table's JSON columns; -1 for others. Partial images have a bit for each. */
  readonly jsonIndex: number;
}

/** MySQL's PARTIAL_JSON_UPDATES: the bit in a partial image's options that says diffs may follow. */
const PARTIAL_JSON = 1;
const JSON_TYPE = 245;

const BEFORE = new Literal(',"before":{');
const AFTER = new Literal(',"after":{');
const NULL = new Literal('null');
const CLOSE = 0x7d;
const END_OF_LINE = new Literal('}\n');

/** Room made before a line, so that the output does not go to its sink in the middle of one. Longer lines are rare. */
const USUAL_LINE_BYTES = 1 << 16;

const cursor = new Cursor();
/** What a line begins with is put together here, once an event. */
const scratch = new TextOutput(undefined, 512);

/** Column names as the log has them, `@1` … where it has none: as `-v` numbers them. */
function label(column: Column, isFirst: boolean): Literal {
  const out = new TextOutput(undefined, 64);
  if (!isFirst) out.text(',');
  writeString(out, column.name ?? `@${column.index + 1}`);
  out.text(':');
  return new Literal(out.take());
}

/** Writes the changes of one table map's rows events, a line each. */
export class RowLines {
  readonly #map: TableMap;
  readonly #head: Buffer;
  readonly #plans = new Map<string, readonly PlannedColumn[]>();
  readonly #writers: readonly JsonWriter[];
  readonly #jsonColumns: number;

  constructor(map: TableMap) {
    this.#map = map;
    const out = new TextOutput(undefined, 256);
    out.text('{"schema":');
    writeUtf8OrBinary(out, map.schema, 0, map.schema.length);
    out.text(',"table":');
    writeUtf8OrBinary(out, map.table, 0, map.table.length);
    this.#head = out.take();
    this.#writers = map.columns.map(jsonWriterOf);
    this.#jsonColumns = map.columns.filter(({ code }) => code === JSON_TYPE).length;
  }

  /**
   * @param place what each line says of it
   * @throws FormatError where the rows do not fit the table map; the changes before are written
   */
  write(out: TextOutput, event: RawEvent, body: Rows, place: Buffer): void {
    const { columns } = this.#map;
    if (body.columnCount !== columns.length) {
      throw new FormatError(`rows of ${body.columnCount} columns follow a map of ${columns.length}`);
    }
    if (this.#map.hasOldTemporals === true) learnOldTemporals(body, this.#map);
    const { operation, partial } = body.shape;
    const opening = this.#opening(event, operation, place);
    const first = this.#plan(body.present);
    const second = operation === 'update' ? this.#plan(body.presentAfter) : undefined;
    cursor.aim(body.images, 0, body.images.length);
    let isEmptyInsert = operation === 'insert' && body.images.length === 0;
    while (cursor.remaining > 0 || isEmptyInsert) {
      isEmptyInsert = false;
      const start = cursor.position;
      const lineAt = out.reserve(USUAL_LINE_BYTES);
      const { flushes } = out;
      try {
        out.literal(opening);
        out.literal(operation === 'insert' ? AFTER : BEFORE);
        this.#image(out, first, false);
        if (second !== undefined) {
          out.literal(AFTER);
          this.#image(out, second, partial);
        }
      } catch (error) {
        // A row that is cut off leaves no part of its line behind.
        if (out.flushes === flushes) out.length = lineAt;
        throw error;
      }
      out.literal(END_OF_LINE);
      if (cursor.position === start && cursor.remaining > 0) {
        throw new FormatError(`${cursor.remaining} bytes of rows belong to no column`);
      }
    }
  }

  #opening(event: RawEvent, operation: string, place: Buffer): Literal {
    const out = scratch;
    out.length = 0;
    out.bytes(this.#head);
    out.text(`,"operation":"${operation}","timestamp":${event.timestamp}`);
    out.bytes(place);
    return new Literal(out.buffer.subarray(0, out.length));
  }

  #plan(present: Buffer): readonly PlannedColumn[] {
    const key = present.toString('latin1');
    let plan = this.#plans.get(key);
    if (plan === undefined) {
      const columns = this.#map.columns.filter(({ index }) => hasColumn(present, index));
      const json = this.#map.columns.filter(({ code }) => code === JSON_TYPE);
      plan = columns.map((column, at) => ({
        label: label(column, at === 0),
        write: this.#writers[column.index]!,
        jsonIndex: json.indexOf(column),
      }));
      this.#plans.set(key, plan);
    }
    return plan;
  }

  #image(out: TextOutput, plan: readonly PlannedColumn[], partial: boolean): void {
    const { bytes } = cursor;
    const hasDiffs = partial && (cursor.lenenc() & PARTIAL_JSON) !== 0;
    const diffsAt = hasDiffs ? cursor.take((this.#jsonColumns + 7) >> 3) : 0;
    const nullsAt = cursor.take((plan.length + 7) >> 3);
    for (let i = 0; i < plan.length; i += 1) {
      const { label: name, write, jsonIndex } = plan[i]!;
      out.literal(name);
      if ((bytes[nullsAt + (i >> 3)]! & (1 << (i & 7))) !== 0) out.literal(NULL);
      else if (
        hasDiffs &&
        jsonIndex >= 0 &&
        (bytes[diffsAt + (jsonIndex >> 3)]! & (1 << (jsonIndex & 7))) !== 0
      ) {
        writeValue(out, readJsonDiffs(cursor));
      } else write(cursor, out);
    }
    out.byte(CLOSE);
  }
}
