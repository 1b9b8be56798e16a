export { Catalog } from './catalog.ts';
export type { CatalogChange } from './catalog-change.ts';
export { ownIndex } from './define.ts';
export { CatalogError } from './error.ts';
export { hasAction } from './foreign-key.ts';
export { namedColumns, withoutHashes } from './hash-columns.ts';
export { describeColumns, isDescribed, tableOfLog } from './logged-table.ts';
export { columnsOf as partitionColumns, untoldPartitions } from './partitions.ts';
export { isSequence, looksLikeSequence } from './sequence.ts';
export { columnKey, createTableText, defaultText, typeText } from './show.ts';
export { contextOfText, type StatementContext } from './statement-context.ts';
export {
  columnIndex,
  type ForeignKey,
  hasCharset,
  isKept,
  type KnownPartitioning,
  keyOf,
  mentionedIn,
  sameName,
  type Table,
  type TableColumn,
  type TablePartitioning,
} from './table.ts';
export { charsetOf } from './text-collation.ts';
