export { ChangeReader } from './change-reader.ts';
export { hasColumn } from './column-bitmap.ts';
export { type EncodableRow, encodeRows, setsUnusedNullBits } from './encode-rows.ts';
export { ImagePlan, imagePlanOf } from './image-plan.ts';
export { learnOldTemporals, OldTemporalColumns } from './old-temporal-columns.ts';
export { type RowImage, RowReader } from './row-reader.ts';
export { decodeRowsExtra, encodeRowsExtra, type RowsExtra, RowsExtraType } from './rows-extra.ts';
export { skipValue } from './value-size.ts';
