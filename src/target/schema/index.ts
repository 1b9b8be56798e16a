export { Catalog } from './catalog.ts';
export type { CatalogChange, StatementContext } from './catalog-change.ts';
export { charsetOf, ownIndex } from './define.ts';
export { CatalogError } from './error.ts';
export { hasAction } from './foreign-key.ts';
export { namedColumns, withoutHashes } from './hash-columns.ts';
export { describeColumns, isDescribed, tableOfLog } from './logged-table.ts';
export { isSequence, looksLikeSequence } from './sequence.ts';
export { columnKey, createTableText, defaultText, typeText } from './show.ts';
export {
  columnIndex,
  type ForeignKey,
  hasCharset,
  isKept,
  keyOf,
  sameName,
  type Table,
  type TableColumn,
} from './table.ts';
