import { applyJsonDiffs, JsonDocument, type RowImage } from '../binlog/index.ts';
import { CatalogError } from './schema/index.ts';

/** The after image of an update with its partial JSON updates carried out. @throws CatalogError the document before is not logged */
export function wholeImage(before: RowImage, after: RowImage): RowImage {
  return after.map((value, index) => {
    if (!Array.isArray(value)) return value;
    const document = before[index];
    if (!(document instanceof JsonDocument)) {
      throw new CatalogError('a partial JSON update comes without the document before', {
        hint: 'Set binlog_row_image=FULL on the source, or leave binlog_row_value_options empty.',
      });
    }
    return applyJsonDiffs(document, value);
  });
}

/** The after image of an update, with what the log leaves out of it as it was before, where that is logged. */
export const completedImage = (before: RowImage, after: RowImage): RowImage =>
  after.map((value, index) => (value === undefined ? before[index] : value));
