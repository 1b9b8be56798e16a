import { encodeText } from '../../charset/index.ts';
import type { TableChange } from '../../sql/index.ts';
import { CatalogError } from './error.ts';
import type { StatementContext } from './statement-context.ts';
import { hasCharset, type Table, type TableColumn } from './table.ts';
import type { TableDraft } from './table-draft.ts';
import { binaryCollation, resolvedCollation, type TextCollation } from './text-collation.ts';

/** Collations of schemas, which DEFAULT means. */
export interface SchemaCollations {
  /** That of the table. */
  readonly table: TextCollation;
  /** That in use. */
  readonly session: TextCollation;
}

/**
 * Follows what ALTER TABLE says of the table's own character set and collation. It holds for all columns that the statement defines, those
 * in front of it too.
 *
 * @returns what CONVERT TO makes of the columns, see {@link convertColumns}
 */
export function setDefaultCollation(
  draft: TableDraft,
  changes: readonly TableChange[],
  context: StatementContext,
  schemas: SchemaCollations,
): TextCollation | undefined {
  let charset: string | undefined;
  let collation: string | undefined;
  let converted: TextCollation | undefined;
  for (const change of changes) {
    if (change.kind === 'convert') {
      const usual = context.flavor === 'mysql' ? schemas.session : schemas.table;
      converted = resolvedCollation({ ...change, charset: change.charset ?? 'default' }, context, usual);
    } else if (change.kind === 'options') {
      charset = change.options.charset ?? charset;
      collation = change.options.collation ?? collation;
    }
  }
  draft.text = resolvedCollation({ charset, collation }, context, schemas.table, converted ?? draft.text);
  return converted;
}

/** CONVERT TO, which goes for columns that the statement defines with another character set too. @throws CatalogError */
export function convertColumns(draft: TableDraft, before: Table, to: TextCollation): void {
  for (const { column } of draft.columns) expectSameLabels(draft, column, to.charset);
  for (const entry of draft.columns) {
    const { column, source } = entry;
    if (!hasCharset(column.type.name)) continue;
    const { type } = column;
    // BINARY without a character set stays open while the statement goes on, and is a collation behind it.
    const isOpen = type !== before.columns[source]?.type && type.charset === undefined;
    const isBinary = isOpen && type.binaryCollation;
    entry.column = { ...column, ...to, ...(isBinary ? { collation: binaryCollation(to.charset) } : {}) };
  }
}

/**
 * Whether MySQL 5 does nothing at all: it keeps even the table's own character set where CONVERT TO is the only change and all columns are
 * what it wants (CONVERT TO twice is one change to it). Later servers tell with each statement which collation utf8mb4 means.
 */
export function convertsNothing(
  draft: TableDraft,
  changes: readonly TableChange[],
  before: Table,
  { flavor, defaultCollations }: StatementContext,
): boolean {
  if (flavor !== 'mysql' || defaultCollations.length > 0) return false;
  if (changes.some(({ kind }) => kind !== 'convert')) return false;
  return draft.columns.every(({ column }, index) => {
    const { charset, collation } = before.columns[index]!;
    return column.charset === charset && column.collation === collation;
  });
}

/**
 * CONVERT TO keeps the bytes of what an ENUM or SET may be, and all servers read them in the new character set: 'ä' becomes 'Ã¤', 'ab' one
 * letter of Chinese. What becomes of the values is another thing for each family.
 *
 * @throws CatalogError where they are not the same text in both
 */
function expectSameLabels(
  { schema, name }: TableDraft,
  { name: column, type, charset }: TableColumn,
  to: string,
): void {
  const isOther = (label: string): boolean => !encodeText(label, charset ?? to).equals(encodeText(label, to));
  if (type.values?.some(isOther) === true) {
    throw new CatalogError(
      `ALTER TABLE converts ${schema}.${name}, whose ${type.name} ${column} is other text in ${to}: what its values become is not in the log`,
      { hint: 'Load the table again, and replicate from the position of that copy.' },
    );
  }
}
