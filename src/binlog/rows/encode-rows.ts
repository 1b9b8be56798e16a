import { Writer } from '../../bytes/index.ts';
import { UsageError } from '../../errors/index.ts';
import type { ColumnValue } from '../columns/index.ts';
import { type RowsShape } from '../events/rows.ts';
import type { TableMap } from '../events/table-map.ts';
import { type JsonDiff, writeJsonDiffs } from '../json/index.ts';
import type { LogState } from '../log-state.ts';
import { type ImagePlan, imagePlanOf, jsonColumnsOf, PARTIAL_JSON_OPTION } from './image-plan.ts';
import type { RowImage } from './row-reader.ts';

/** One changed row: `before` of updates and deletes, `after` of inserts and updates. */
export interface EncodableRow {
  readonly before?: RowImage | undefined;
  readonly after?: RowImage | undefined;
}

/**
 * Encodes row images: the mirror of {@link RowReader}, for the `images` of a rows body.
 *
 * @param present columns of the first image, as in the rows body
 * @param presentAfter columns of an update's after image
 * @param options whether to set the bits of NULL bitmaps that stand for no column; no reader looks at them: {@link setsUnusedNullBits}
 * @throws UsageError where an image lacks a column that is present, or a value does not fit its column
 */
export function encodeRows(
  table: TableMap,
  layout: Pick<RowsShape, 'operation' | 'partial'>,
  present: Uint8Array,
  presentAfter: Uint8Array,
  rows: Iterable<EncodableRow>,
  options: { unusedNullBits: boolean } = { unusedNullBits: false },
): Buffer {
  const writer = new Writer(256);
  const { unusedNullBits } = options;
  const beforePlan = layout.operation === 'insert' ? undefined : imagePlanOf(table, present);
  const afterPlan = layout.operation === 'delete' ? undefined : imagePlanOf(table, presentAfter);
  for (const { before, after } of rows) {
    if (beforePlan !== undefined) writeImage(writer, beforePlan, given(before, 'before'), unusedNullBits);
    if (afterPlan !== undefined) {
      const image = given(after, 'after');
      if (layout.partial) writePartialBits(writer, table, image);
      writeImage(writer, afterPlan, image, unusedNullBits);
    }
  }
  return writer.take();
}

/** Whether the server that wrote a log sets unused bits of NULL bitmaps: MariaDB and MySQL before 8.0 do. */
export function setsUnusedNullBits(state: LogState): boolean {
  return state.flavor === 'mariadb' || state.serverVersion < 0x08_00_00;
}

function given(image: RowImage | undefined, which: string): RowImage {
  if (image === undefined) throw new UsageError(`row without its ${which} image`);
  return image;
}

function isDiffs(value: ColumnValue | undefined): value is readonly JsonDiff[] {
  return Array.isArray(value);
}

function writePartialBits(writer: Writer, table: TableMap, image: RowImage): void {
  if (!image.some(isDiffs)) {
    writer.lenenc(0);
    return;
  }
  const json = jsonColumnsOf(table);
  const bits = new Uint8Array((json.length + 7) >> 3);
  json.forEach(({ index }, position) => {
    if (isDiffs(image[index])) bits[position >> 3]! |= 1 << (position & 7);
  });
  writer.lenenc(PARTIAL_JSON_OPTION);
  writer.bytes(bits);
}

function writeImage(writer: Writer, plan: ImagePlan, image: RowImage, unusedNullBits: boolean): void {
  const nulls = writer.length;
  writer.zeros(plan.nullBytes);
  plan.columns.forEach((column, at) => {
    const value = image[column.index];
    if (value === undefined) throw new UsageError(`row without a value for column ${column.index + 1}`);
    if (value === null) writer.view()[nulls + (at >> 3)]! |= 1 << (at & 7);
    else if (isDiffs(value)) writeJsonDiffs(writer, value);
    else plan.types[at]!.write(writer, value, column);
  });
  const unused = plan.columns.length & 7;
  if (unusedNullBits && unused > 0) writer.view()[nulls + plan.nullBytes - 1]! |= (0xff << unused) & 0xff;
}
