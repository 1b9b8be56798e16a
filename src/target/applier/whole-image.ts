import {
  applyJsonDiffs,
  type ColumnValue,
  type JsonDiff,
  JsonDocument,
  type RowImage,
} from '../../binlog/index.ts';
import { FormatError, UsageError } from '../../errors/index.ts';

/** Whether a value is what a partial update does to the document before. */
export const areDiffs = (value: ColumnValue | undefined): value is readonly JsonDiff[] =>
  Array.isArray(value);

/** The after image of an update with its partial JSON updates carried out, where the document before is logged. @throws FormatError */
export function wholeImage(before: RowImage, after: RowImage): RowImage {
  return after.map((value, index) => {
    const document = before[index];
    return areDiffs(value) && document instanceof JsonDocument ? applyJsonDiffs(document, value) : value;
  });
}

/** The columns whose partial updates are of documents that are not logged. */
export const partialColumns = (after: RowImage): readonly number[] =>
  after.flatMap((value, index) => (areDiffs(value) ? [index] : []));

/** The after image of an update, with what the log leaves out of it as it was before, where that is logged. */
export const completedImage = (before: RowImage, after: RowImage): RowImage =>
  after.map((value, index) => (value === undefined ? before[index] : value));

/** What a partial update makes of a document that is kept as MySQL prints it; undefined: it has no such place, or is none. */
export function updatedDocument(text: string, diffs: readonly JsonDiff[]): JsonDocument | undefined {
  try {
    return applyJsonDiffs(JsonDocument.parsePrinted(text), diffs);
  } catch (error) {
    if (error instanceof FormatError || error instanceof UsageError) return undefined;
    throw error;
  }
}

/** Indexes of the columns that an after image has, and that are not for sure what they were; `before` is undefined for a row that is new. */
export const changedColumns = (before: RowImage | undefined, after: RowImage): readonly number[] =>
  after.flatMap((value, index) => (value === undefined || isSame(before?.[index], value) ? [] : [index]));

const isSame = (one: ColumnValue | undefined, other: ColumnValue): boolean =>
  Object.is(one, other) || (Buffer.isBuffer(one) && Buffer.isBuffer(other) && one.equals(other));
